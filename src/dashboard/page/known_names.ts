/** What people and chats are called, learnt in passing from whatever tells it. */
import { signal } from "@preact/signals";
import type { StoredEvent } from "../../model/events.ts";
import type { ChatItem, ContactItem, MergeItem } from "./wire.ts";

export class KnownNames {
  /** Title of a chat by its number; a new map whenever one of them is another. */
  readonly titles = signal<ReadonlyMap<number, string>>(new Map());
  readonly #contacts = new Map<number, string>();
  /** The reader, who is called so. */
  #me: number | null = null;

  contact(id: number): string | null {
    return id === this.#me ? "You" : this.#contacts.get(id) ?? null;
  }

  isMe(id: number | null): boolean {
    return id !== null && id === this.#me;
  }

  learnContacts(contacts: readonly ContactItem[]): void {
    for (const { id, name, is_me } of contacts) {
      this.#contacts.set(id, name);
      if (is_me) this.#me = id;
    }
  }

  learnChats(chats: readonly ChatItem[]): void {
    const known = this.titles.value;
    const changed = chats.filter(({ id, title }) => known.get(id) !== title);
    if (changed.length > 0) {
      this.titles.value = new Map([...known, ...changed.map(({ id, title }) => [id, title] as const)]);
    }
    for (const { id, name } of chats.flatMap(({ participants }) => participants)) {
      this.#contacts.set(id, name);
    }
  }

  #learnTitle(id: number, title: string): void {
    if (this.titles.value.get(id) !== title) this.titles.value = new Map([...this.titles.value, [id, title]]);
  }

  learnMerges(merges: readonly MergeItem[]): void {
    for (const { from_id, from_name, into_id, into_name } of merges) {
      this.#contacts.set(from_id, from_name);
      this.#contacts.set(into_id, into_name);
    }
  }

  learnEvent(event: StoredEvent): void {
    switch (event.event) {
      case "message.created": {
        const { sender_id, sender_name, is_from_me } = event.data.message;
        if (is_from_me) this.#me = sender_id;
        if (sender_id !== null && sender_name !== null) this.#contacts.set(sender_id, sender_name);
        break;
      }
      case "contact.created":
      case "contact.updated":
        this.#contacts.set(event.data.contact_id, event.data.name);
        break;
      case "chat.created":
      case "chat.updated": {
        const { id, chat_name } = event.data.chat;
        if (chat_name !== null) this.#learnTitle(id, chat_name);
        break;
      }
    }
  }
}
