/** The name, whether it is live, and whether words are shown. */
import type { PageState } from "../page_state.ts";
import { stateLabel } from "./state_words.ts";

export function TopBar({ page }: { readonly page: PageState }) {
  const isShown = page.text.isShown.value;
  return (
    <header class="top">
      <h1>
        <Mark />
        ChatStats <span class="thin">Live Sync</span>
      </h1>
      <StatePill page={page} />
      <button
        type="button"
        class="toggle"
        id="text-toggle"
        aria-pressed={isShown}
        onClick={() => page.text.toggle()}
      >
        <Eye isOpen={isShown} />
        {isShown ? "Hide text" : "Show text"}
      </button>
    </header>
  );
}

function StatePill({ page }: { readonly page: PageState }) {
  const connection = page.connection.state.value;
  const { label, tone } = stateLabel(connection, page.status.value?.state ?? null);
  const title = label === "Live" ? `● ChatStats Live Sync` : `${label} – ChatStats Live Sync`;
  if (document.title !== title) document.title = title;
  return (
    <p class={`pill ${tone}`} id="state">
      <span class="dot" aria-hidden="true" />
      {label}
      {connection.kind === "waiting" && (
        <button
          type="button"
          class="link"
          onClick={() => page.connection.retryNow()}
        >
          Try now
        </button>
      )}
    </p>
  );
}

function Mark() {
  return (
    <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M4 5.5A2.5 2.5 0 0 1 6.5 3h11A2.5 2.5 0 0 1 20 5.5v8a2.5 2.5 0 0 1-2.5 2.5H11l-5 4.5V16A2 2 0 0 1 4 14z" />
      <path class="beat" d="M7 9.8h2.4l1.5-3 2.2 5.6 1.5-2.6H17" />
    </svg>
  );
}

function Eye({ isOpen }: { readonly isOpen: boolean }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d="M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8Z" />
      <circle cx="8" cy="8" r="2" />
      {!isOpen && <path d="M2.5 13.5l11-11" />}
    </svg>
  );
}
