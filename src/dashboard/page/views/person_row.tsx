/** One person, and the form that renames them. */
import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { ApiFailure } from "../api.ts";
import type { PageState } from "../page_state.ts";
import type { ContactItem } from "../wire.ts";

interface PersonProps {
  readonly page: PageState;
  readonly contact: ContactItem;
}

const SOURCES: Readonly<Record<ContactItem["name_source"], string>> = {
  me: "you",
  identifier: "no card",
  addressbook: "",
  addressbook_gone: "card is gone",
  user: "your name for them",
};

export function PersonRow({ page, contact }: PersonProps) {
  const isEdited = useSignal(false);
  const button = useRef<HTMLButtonElement>(null);
  const identifiers = contact.identifiers.map(({ identifier }) => identifier).filter((each) =>
    each !== contact.name
  );
  const close = () => {
    isEdited.value = false;
    requestAnimationFrame(() => button.current?.focus());
  };
  if (isEdited.value) {
    return (
      <li>
        <NameForm page={page} contact={contact} onClose={close} />
      </li>
    );
  }
  const source = SOURCES[contact.name_source];
  return (
    <li class="person">
      <div class="row-main">
        <p class="row-head">
          <b>{contact.name}</b>
          {source !== "" && <span class="tag">{source}</span>}
          {contact.identifiers.some(({ is_shared }) => is_shared) && <span class="tag">shared</span>}
          <span class="person-id" title="What the command line calls them">id {contact.id}</span>
        </p>
        <p class="row-text quiet">
          {[...identifiers, ...contact.organization ? [contact.organization] : []].join(" · ")}
        </p>
      </div>
      {!contact.is_me && (
        <button
          type="button"
          ref={button}
          class="small"
          aria-label={`Rename ${contact.name}`}
          onClick={() => isEdited.value = true}
        >
          Rename
        </button>
      )}
    </li>
  );
}

function NameForm({ page, contact, onClose }: PersonProps & { onClose(): void }) {
  const trouble = useSignal("");
  const field = useRef<HTMLInputElement>(null);
  // Before anything is painted: whoever types at once types into it.
  useLayoutEffect(() => field.current?.select(), []);
  const save = async (name: string) => {
    try {
      await page.rename(contact, name);
      onClose();
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      trouble.value = [error.message, error.hint].filter((text) => text !== "").join(". ");
    }
  };
  const id = `name-${contact.id}`;
  return (
    <form
      class="rename"
      onSubmit={(event) => {
        event.preventDefault();
        save(field.current?.value ?? "");
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        onClose();
      }}
    >
      <label for={id}>Your name for {contact.name}</label>
      <input id={id} ref={field} type="text" maxLength={200} defaultValue={contact.name} autocomplete="off" />
      <div class="buttons">
        <button type="submit" class="primary">Save</button>
        {contact.name_source === "user" && (
          <button type="button" onClick={() => save("")}>Use the card’s name</button>
        )}
        <button type="button" onClick={onClose}>Cancel</button>
      </div>
      {trouble.value !== "" && <p class="failed" role="alert">{trouble.value}</p>}
    </form>
  );
}
