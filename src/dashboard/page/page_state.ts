/** Everything that the page shows and what keeps it true: one object, made once, handed to the views. */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { StoredEvent, TransientEvent } from "../../model/events.ts";
import type { StatusReport } from "../../model/status.ts";
import { Api, ApiFailure } from "./api.ts";
import { Connection, type Position } from "./connection.ts";
import { FeedBuffer } from "./feed_buffer.ts";
import { MOST_LINES } from "./feed_lines.ts";
import { feedChange } from "./feed_line.ts";
import { KnownNames } from "./known_names.ts";
import { type MessagesAtHand, messagesAtHand } from "./messages_at_hand.ts";
import { paced } from "./pace.ts";
import { PagedList } from "./paged_list.ts";
import type { ShownText } from "./shown_text.ts";
import { Words } from "./times.ts";
import { type StateWords, type Trouble, troubles } from "./trouble.ts";
import type { Activity, ChatItem, ContactItem, MergeItem, MessageItem } from "./wire.ts";
import { MOST_PEOPLE } from "./activity.ts";

/** Counting the database costs the program a query each. */
const STATUS_GAP_MS = 1_000;
const STATUS_EVERY_MS = 10_000;
const LISTS_GAP_MS = 1_000;
/** The chart covers a year: a few messages more can wait. */
const ACTIVITY_GAP_MS = 15_000;

export class PageState {
  readonly words = new Words();
  readonly now = signal(Date.now());
  readonly status = signal<StatusReport | null>(null);
  readonly progress = signal<{ readonly done: number; readonly total: number } | null>(null);
  readonly activity = signal<Activity | null>(null);
  readonly feed = new FeedBuffer();
  readonly names = new KnownNames();
  readonly openChat = signal<{ readonly id: number; readonly title: string } | null>(null);
  readonly search = signal("");
  /** What a person did just now and how it went, said aloud. */
  readonly said = signal("");
  readonly chats: PagedList<ChatItem>;
  readonly messages: PagedList<MessageItem>;
  readonly contacts: PagedList<ContactItem>;
  readonly merges: PagedList<MergeItem>;
  readonly connection: Connection;
  readonly troubles: ReadonlySignal<readonly Trouble[]>;
  /** Of the feed, the opened chat and the list of chats. */
  readonly messagesAtHand: ReadonlySignal<MessagesAtHand>;
  readonly #api: Api;
  readonly #told = signal<StateWords | null>(null);
  readonly #refreshStatus: () => void;
  readonly #refreshActivity: () => void;

  constructor(token: string, readonly text: ShownText) {
    this.#api = new Api(token);
    const list = <Item>(path: () => string, query: () => Record<string, string> = () => ({})) =>
      new PagedList<Item>(
        (limit, before) => this.#api.get(path(), { ...query(), limit, before }),
        LISTS_GAP_MS,
      );
    this.chats = list(() => "chats");
    this.messages = list(() => `chats/${this.openChat.value?.id ?? 0}/messages`);
    this.contacts = list(() => "contacts", () => ({ query: this.search.value.trim() }));
    this.merges = list(() => "contacts/merges");
    this.#refreshStatus = paced(() => this.#readStatus(), STATUS_GAP_MS);
    this.#refreshActivity = paced(() => this.#readActivity(), ACTIVITY_GAP_MS);
    this.troubles = computed(() => this.status.value ? troubles(this.status.value, this.#told.value) : []);
    this.messagesAtHand = computed(() =>
      messagesAtHand(this.feed.lines.value, [
        ...this.messages.state.value.items ?? [],
        ...this.chats.state.value.items?.flatMap(({ last_message }) => last_message ?? []) ?? [],
      ])
    );
    this.chats.state.subscribe(({ items }) => this.names.learnChats(items ?? []));
    this.contacts.state.subscribe(({ items }) => this.names.learnContacts(items ?? []));
    this.merges.state.subscribe(({ items }) => this.names.learnMerges(items ?? []));
    this.connection = new Connection(token, {
      start: () => this.#startPosition(),
      event: (event) => this.#happened(event),
      reread: () => this.#readAnew(),
    });
  }

  start(): void {
    this.connection.connect();
    setInterval(() => this.now.value = Date.now(), 1_000);
    setInterval(() => {
      if (!document.hidden && this.connection.state.value.kind === "open") this.#refreshStatus();
    }, STATUS_EVERY_MS);
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) return;
      this.connection.retryNow();
      this.#refreshStatus();
    });
    addEventListener("online", () => this.connection.retryNow());
  }

  async open(chat: { readonly id: number; readonly title: string } | null): Promise<void> {
    this.openChat.value = chat;
    if (chat) await this.messages.restart();
  }

  async searchFor(query: string): Promise<void> {
    this.search.value = query;
    await this.contacts.restart(true);
  }

  /** An empty name takes the person's choice back. Throws an {@link ApiFailure}. */
  async rename(contact: ContactItem, name: string): Promise<void> {
    const renamed = await this.#api.put<ContactItem>(`contacts/${contact.id}/name`, { name });
    this.said.value = `${contact.name} is called ${renamed.name} now`;
    this.contacts.refresh();
  }

  /** Throws an {@link ApiFailure}. */
  async undo(merge: MergeItem): Promise<void> {
    await this.#api.post(`contacts/merges/${merge.id}/undo`);
    this.said.value = "The merge is undone";
    this.merges.refresh();
    this.contacts.refresh();
  }

  /** Just before now, so that the feed does not begin empty. */
  async #startPosition(): Promise<Position> {
    const status = await this.#api.get<StatusReport>("status");
    this.#enter(status);
    return { after: Math.max(0, status.seq - MOST_LINES / 2), feed: status.feed };
  }

  #enter(status: StatusReport): void {
    this.status.value = status;
    this.progress.value = status.import;
  }

  #readAnew(): void {
    this.#refreshStatus();
    this.#refreshActivity();
    this.chats.refresh();
    this.contacts.refresh();
    this.merges.refresh();
    if (this.openChat.value) this.messages.refresh();
  }

  #happened(event: StoredEvent | TransientEvent): void {
    switch (event.event) {
      case "import.progress":
        this.progress.value = event.data;
        return;
      case "import.completed":
        this.progress.value = null;
        return this.#readAnew();
      case "state.changed":
        this.#told.value = event.data;
        return this.#refreshStatus();
      case "sync.completed":
        return this.#refreshStatus();
      default:
        this.names.learnEvent(event);
        this.feed.add(feedChange(event, (id) => this.names.contact(id)));
        this.#refreshWhatShows(event);
    }
  }

  #refreshWhatShows(event: StoredEvent): void {
    const isContact = event.event.startsWith("contact.");
    this.chats.refresh();
    if (isContact) this.contacts.refresh();
    if (event.event === "contact.merged" || event.event === "contact.unmerged") this.merges.refresh();
    if (event.event.startsWith("message.") || isContact) this.#refreshActivity();
    const open = this.openChat.value;
    if (open && event.topics.includes(`chat:${open.id}`)) this.messages.refresh();
  }

  async #readStatus(): Promise<void> {
    await this.#quietly(async () => this.#enter(await this.#api.get<StatusReport>("status")));
  }

  async #readActivity(): Promise<void> {
    const tz = Intl.DateTimeFormat().resolvedOptions().timeZone;
    await this.#quietly(async () => {
      this.activity.value = await this.#api.get<Activity>("activity", {
        days: 365,
        tz,
        by: "contact",
        top: MOST_PEOPLE,
      });
    });
  }

  /** What can't be read now is read again with the next happening; that nobody answers, the connection tells. */
  async #quietly(read: () => Promise<void>): Promise<void> {
    try {
      await read();
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
    }
  }
}
