/** The whole page: on a wide window everything at once, on a narrow one a part at a time. */
import { useSignal } from "@preact/signals";
import type { PageState } from "../page_state.ts";
import { ActivityPanel } from "./activity_panel.tsx";
import { Announcer } from "./announcer.tsx";
import { ChatsPanel } from "./chats_panel.tsx";
import { FeedPanel } from "./feed_panel.tsx";
import { Figures } from "./figures.tsx";
import { NoTokenView } from "./no_token_view.tsx";
import { Notices } from "./notices.tsx";
import { PeoplePanel } from "./people_panel.tsx";
import { TopBar } from "./top_bar.tsx";

const PARTS = { live: "Live", chats: "Chats", people: "People", activity: "Year" } as const;
type Part = keyof typeof PARTS;
const PART_NAMES: readonly Part[] = ["live", "chats", "people", "activity"];

export function PageView({ page }: { readonly page: PageState }) {
  const part = useSignal<Part>("live");
  if (page.connection.state.value.kind === "refused") return <NoTokenView reason="ended" />;
  return (
    <div class="page" data-part={part.value}>
      <TopBar page={page} />
      <Notices page={page} />
      <Figures page={page} />
      <nav class="parts" aria-label="Parts of this page">
        {PART_NAMES.map((name) => (
          <button
            key={name}
            type="button"
            aria-current={part.value === name ? "true" : undefined}
            onClick={() => part.value = name}
          >
            {PARTS[name]}
          </button>
        ))}
      </nav>
      <main>
        <ActivityPanel page={page} />
        <FeedPanel page={page} />
        <ChatsPanel page={page} />
        <PeoplePanel page={page} />
      </main>
      <Announcer page={page} />
    </div>
  );
}
