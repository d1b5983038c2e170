/** Says aloud to screen readers how things stand, and now and then how much came: never each thing as it comes. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { PageState } from "../page_state.ts";
import { counted } from "../times.ts";
import { stateLabel } from "./state_words.ts";

const GAP_MS = 10_000;

export function Announcer({ page }: { readonly page: PageState }) {
  const news = useSignal("");
  useEffect(() => {
    let told = page.feed.total.value;
    const timer = setInterval(() => {
      const came = page.feed.total.value - told;
      told = page.feed.total.value;
      news.value = came > 0 ? `${counted(page.words, came, "new event")}` : "";
    }, GAP_MS);
    return () => clearInterval(timer);
  }, [page]);
  const { label } = stateLabel(page.connection.state.value, page.status.value?.state ?? null);
  return (
    <div class="unseen">
      <p role="status">{label}</p>
      <p role="status" id="said">{page.said.value}</p>
      <p role="log" aria-live="polite">{news.value}</p>
    </div>
  );
}
