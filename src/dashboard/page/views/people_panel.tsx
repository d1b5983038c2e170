/** The people: searched for, renamed, and which of them were found to be one. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { PageState } from "../page_state.ts";
import { ListEnd } from "./list_end.tsx";
import { MergeList } from "./merge_list.tsx";
import { PersonRow } from "./person_row.tsx";

export function PeoplePanel({ page }: { readonly page: PageState }) {
  const isMerges = useSignal(false);
  return (
    <section class="panel" id="people" aria-labelledby="people-title">
      <div class="panel-head">
        <h2 id="people-title">People</h2>
        <div class="switch" role="group" aria-label="What is listed">
          <button type="button" aria-pressed={!isMerges.value} onClick={() => isMerges.value = false}>
            All
          </button>
          <button type="button" aria-pressed={isMerges.value} onClick={() => isMerges.value = true}>
            Merged
          </button>
        </div>
      </div>
      {isMerges.value ? <MergeList page={page} /> : <People page={page} />}
    </section>
  );
}

/** A search begins when typing rests for a moment. */
const TYPING_MS = 150;

function People({ page }: { readonly page: PageState }) {
  const state = page.contacts.state.value;
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const search = (query: string) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => page.searchFor(query), TYPING_MS);
  };
  return (
    <>
      <p class="search">
        <label for="people-search" class="unseen">Search people</label>
        <input
          id="people-search"
          type="search"
          placeholder="Name, number or address"
          autocomplete="off"
          spellcheck={false}
          defaultValue={page.search.value}
          onInput={(event) => search(event.currentTarget.value)}
        />
      </p>
      <div class="scroll" tabIndex={0} role="group" aria-labelledby="people-title">
        <ul class="rows">
          {state.items?.map((contact) => <PersonRow key={contact.id} page={page} contact={contact} />)}
        </ul>
        {state.items?.length === 0 && (
          <p class="empty">{page.search.value === "" ? "Nobody yet." : "Nobody is called so."}</p>
        )}
        <ListEnd state={state} label="More people" onMore={() => page.contacts.more()} />
      </div>
    </>
  );
}
