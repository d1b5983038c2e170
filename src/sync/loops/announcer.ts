/** Hands on what a step of the messages' sync committed: events first, then whoever else goes on from it. */
import type { ContactsLoop } from "../contacts/contacts_loop.ts";
import type { ConversationLoop } from "../conversations/conversation_loop.ts";
import type { EventSink } from "../event_sink.ts";
import type { OwnFileGuard } from "../own_file_guard.ts";
import type { MessagesSync } from "../pass/messages_sync.ts";
import type { StepOutcome } from "../pass/step.ts";
import type { SourceWatcher } from "../source_watcher.ts";
import type { SummaryReporter } from "./sync_summary.ts";

export interface AnnouncerParts {
  readonly sink: EventSink;
  readonly ownFile: Pick<OwnFileGuard, "check">;
  readonly watcher: Pick<SourceWatcher, "committed">;
  readonly messages: Pick<MessagesSync, "importProgress" | "importedRows" | "importTold">;
  readonly contacts: Pick<ContactsLoop, "afterPass" | "duringImport" | "messagesImported">;
  readonly conversations: Pick<ConversationLoop, "begin">;
  readonly summary: Pick<SummaryReporter, "progress">;
  readonly probe: (label: string) => void;
}

export class Announcer {
  readonly #parts: AnnouncerParts;

  constructor(parts: AnnouncerParts) {
    this.#parts = parts;
  }

  /** To be called after the commit. Throws FatalError `database_gone`: nothing is told of what nobody can see. */
  announce(step: StepOutcome): void {
    const { contacts, messages, sink, summary } = this.#parts;
    this.#handOut(step);
    const progress = messages.importProgress;
    if (progress !== null && summary.progress(progress)) contacts.duringImport();
    // First: who is told by anything else that the feed was broken would be told twice.
    if (step.resync) {
      sink.resync();
      contacts.afterPass();
    }
    if (step.importCompleted) this.#importCompleted();
  }

  #handOut({ events }: StepOutcome): void {
    const { contacts, ownFile, probe, sink, watcher } = this.#parts;
    const some = events.length > 0;
    if (some) probe("announce.before");
    ownFile.check();
    if (some) sink.committed(events);
    watcher.committed(some);
    if (some) contacts.afterPass();
    if (some) probe("announce.after");
  }

  #importCompleted(): void {
    const { contacts, conversations, messages, sink } = this.#parts;
    const all = messages.importedRows;
    sink.tell({ event: "import.completed", data: { done: all, total: all } });
    conversations.begin();
    contacts.messagesImported();
    messages.importTold();
  }
}
