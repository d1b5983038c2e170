/** Who was found to be one person, why, and the way back. */
import { useSignal } from "@preact/signals";
import { ApiFailure } from "../api.ts";
import type { PageState } from "../page_state.ts";
import type { MergeItem } from "../wire.ts";
import { ListEnd } from "./list_end.tsx";

const REASONS: Readonly<Record<string, string>> = {
  one_card: "both stand on one card",
  linked_cards: "their cards are linked in Contacts",
  same_name: "cards of one name share a number or address",
  nameless_on_card: "a card without a name has the number",
};

export function MergeList({ page }: { readonly page: PageState }) {
  const state = page.merges.state.value;
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label="Merged people">
      <ul class="rows">
        {state.items?.map((merge) => <MergeRow key={merge.id} page={page} merge={merge} />)}
      </ul>
      {state.items?.length === 0 && (
        <p class="empty">
          Nobody was merged yet. When a card in Contacts holds two numbers that wrote to you, they become one
          person here, and you can take that back.
        </p>
      )}
      <ListEnd state={state} label="Earlier merges" onMore={() => page.merges.more()} />
    </div>
  );
}

function MergeRow({ page, merge }: { readonly page: PageState; readonly merge: MergeItem }) {
  const trouble = useSignal("");
  const undo = async () => {
    try {
      await page.undo(merge);
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      trouble.value = error.message;
    }
  };
  const isUndone = merge.undone_at !== null;
  return (
    <li class={isUndone ? "person undone" : "person"} data-merge={merge.id}>
      <div class="row-main">
        <p class="row-head">
          <b>{merge.from_name}</b> <span aria-label="became part of">→</span> <b>{merge.into_name}</b>
        </p>
        <p class="row-text quiet">
          {isUndone ? undoneWords(merge) : REASONS[merge.reason] ?? merge.reason}
          {" · "}
          <time dateTime={new Date(merge.undone_at ?? merge.created_at).toISOString()}>
            {page.words.brief(merge.undone_at ?? merge.created_at, Date.now())}
          </time>
        </p>
        {trouble.value !== "" && <p class="failed" role="alert">{trouble.value}</p>}
      </div>
      {!isUndone && (
        <button
          type="button"
          class="small"
          aria-label={`Undo: ${merge.from_name} is not ${merge.into_name}`}
          onClick={undo}
        >
          Undo
        </button>
      )}
    </li>
  );
}

function undoneWords({ undone_by }: MergeItem): string {
  return undone_by === "user" ? "undone by you" : "undone, as their cards say otherwise now";
}
