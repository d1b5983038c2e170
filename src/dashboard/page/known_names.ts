/** What people and chats are called, learnt in passing from whatever tells it. */
import { signal } from "@preact/signals";
import type { MergeNames } from "../../model/event_words.ts";
import type { StoredEvent } from "../../model/events.ts";
import type { KnownChat } from "./feed_head.ts";
import { YOU } from "./feed_line.ts";
import type { ChatItem, ContactItem, MergeItem } from "./wire.ts";

export class KnownNames {
  /** By a chat's number; a new map whenever one of them is another. */
  readonly chats = signal<ReadonlyMap<number, KnownChat>>(new Map());
  /** By a merge's number, undone ones among them; a new map whenever the merges were read. */
  readonly merges = signal<ReadonlyMap<number, MergeNames>>(new Map());
  readonly #contacts = new Map<number, string>();
  /** The reader, who is called so. */
  #me: number | null = null;

  contact(id: number): string | null {
    return id === this.#me ? YOU : this.#contacts.get(id) ?? null;
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
    this.#learnTitles(chats.map(({ id, title, is_group }) => ({ id, title, isGroup: is_group })));
    for (const { id, name } of chats.flatMap(({ participants }) => participants)) {
      this.#contacts.set(id, name);
    }
  }

  #learnTitles(told: readonly (KnownChat & { readonly id: number })[]): void {
    const known = this.chats.value;
    const changed = told.filter(({ id, title, isGroup }) => {
      const before = known.get(id);
      return before?.title !== title || before.isGroup !== isGroup;
    });
    if (changed.length === 0) return;
    this.chats.value = new Map([...known, ...changed.map((chat) => [chat.id, chat] as const)]);
  }

  learnMerges(merges: readonly MergeItem[]): void {
    for (const { from_id, from_name, into_id, into_name } of merges) {
      this.#contacts.set(from_id, from_name);
      this.#contacts.set(into_id, into_name);
    }
    // Those that were read before stay: the list has only the newest of them.
    this.merges.value = new Map([
      ...this.merges.value,
      ...merges.map(({ id, from_id, from_name, into_id, into_name }) =>
        [id, { from: this.contact(from_id) ?? from_name, into: this.contact(into_id) ?? into_name }] as const
      ),
    ]);
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
        const { id, chat_name, is_group } = event.data.chat;
        if (chat_name !== null) this.#learnTitles([{ id, title: chat_name, isGroup: is_group }]);
        break;
      }
    }
  }
}
