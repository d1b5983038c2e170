/**
 * Carries a plan out. Each method is one transaction with its events; a merge or an undo has one of its own, together
 * with its audit row. Gives the committed events.
 */
import { LiveSyncError } from "../../model/errors.ts";
import type { PlannedMerge, PlannedName, PlannedShare } from "../../model/contact.ts";
import type { WireEvent } from "../../model/feed.ts";
import { integer, integerOrNull } from "../../sqlite/row.ts";
import type { Connection } from "../../sqlite/sqlite.ts";
import type { Outbox } from "../../store/outbox.ts";
import { STATE_KEYS, StateStore } from "../../store/state.ts";
import type { EventDraft } from "../pass/events.ts";
import { eventsOfChanges } from "../pass/logged_changes.ts";
import type { ChangeLog } from "../pass/change_log.ts";
import { mergeContacts, type Repointed, setChatNames } from "./merge.ts";
import { ContactReferences } from "./references.ts";
import { undoMerge, type UndoneBy } from "./undo.ts";
import { statementsOf } from "../../sqlite/statements.ts";
import contactsWriterSql from "./sql/contacts_writer.sql" with { type: "text" };

const SQL = statementsOf(contactsWriterSql, [
  "setName",
  "setUserName",
  "setShared",
]);

export interface ContactsWriterPorts {
  readonly db: Connection;
  readonly outbox: Outbox;
  readonly changeLog: ChangeLog;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Called at the named steps, where a test may cut the power. */
  readonly probe: (label: string) => void;
}

export class ContactsWriter {
  readonly #ports: ContactsWriterPorts;
  readonly #references: ContactReferences;
  constructor(ports: ContactsWriterPorts) {
    this.#ports = ports;
    this.#references = new ContactReferences(ports.db);
  }

  /** `announce` false: in silence, as the first contact sync is. */
  merge(planned: PlannedMerge, announce: boolean): readonly WireEvent[] {
    const { db, probe } = this.#ports;
    return this.#commit(announce, (nowMs) => {
      const merged = mergeContacts(db, this.#references.all(), planned, nowMs);
      probe("contacts.merge.before_commit");
      return [mergedEvent("contact.merged", merged)];
    });
  }

  /** Throws LiveSyncError `not_found`, `already_undone`. */
  undo(mergeId: number, by: UndoneBy, reason: string, announce: boolean): readonly WireEvent[] {
    const { db, probe } = this.#ports;
    return this.#commit(announce, (nowMs) => {
      const undone = undoMerge(db, this.#references.all(), mergeId, by, reason, nowMs);
      this.#owesPlan();
      probe("contacts.undo.before_commit");
      return [mergedEvent("contact.unmerged", undone)];
    });
  }

  names(planned: readonly PlannedName[], announce: boolean): readonly WireEvent[] {
    const { db, probe } = this.#ports;
    return this.#commit(announce, (nowMs) => {
      for (const { contactId, name, source, nickname, organization } of planned) {
        db.prepare(SQL.setName).run({ contact: contactId, name, source, nickname, organization, now: nowMs });
        setChatNames(db, contactId);
      }
      probe("contacts.names.before_commit");
      return [];
    });
  }

  shares(planned: readonly PlannedShare[]): void {
    const { db, probe } = this.#ports;
    this.#commit(false, () => {
      for (const { identifierId, isShared } of planned) {
        db.prepare(SQL.setShared).run({ identifier: identifierId, shared: isShared ? 1 : 0 });
      }
      probe("contacts.shares.before_commit");
      return [];
    });
  }

  /**
   * The person's own name for a contact; of one that was merged away, for the one that it is part of. Empty takes it
   * back: what the contact is called then is for the next plan to say. Gives the contact's id.
   *
   * Throws LiveSyncError `not_found`, and `is_me` for a name of the person's own contact.
   */
  rename(
    contactId: number,
    name: string,
    announce: boolean,
  ): { readonly contactId: number; readonly events: readonly WireEvent[] } {
    const { db, probe } = this.#ports;
    const row = db.prepare("SELECT id, merged_into, is_me FROM main.contacts WHERE id = :id").get({
      id: contactId,
    });
    if (row === undefined) {
      throw new LiveSyncError(
        "not_found",
        `Contact ${contactId} not found`,
        "GET /api/v1/contacts gives their ids.",
      );
    }
    if (integer(row, "is_me") === 1 && name !== "") {
      throw new LiveSyncError(
        "is_me",
        `Contact ${contactId} is you, and keeps the name of your own card`,
        "Change the card that Contacts has of you.",
      );
    }
    const contact = integerOrNull(row, "merged_into") ?? integer(row, "id");
    const events = this.#commit(announce, (nowMs) => {
      db.prepare(SQL.setUserName).run({ contact, name: name === "" ? null : name, now: nowMs });
      setChatNames(db, contact);
      if (name === "") this.#owesPlan();
      probe("contacts.rename.before_commit");
      return [];
    });
    return { contactId: contact, events };
  }

  /** What contacts are called now is for the next plan to say, also where the program ends before it. */
  #owesPlan(): void {
    new StateStore(this.#ports.db).set(STATE_KEYS.contactsDirty, 1);
  }

  #commit(announce: boolean, work: (nowMs: number) => EventDraft[]): readonly WireEvent[] {
    const { db, changeLog, outbox, now } = this.#ports;
    changeLog.set(announce ? "people" : "off");
    const nowMs = now();
    return db.transaction(() => {
      db.prepare("DELETE FROM temp.logged_change").run();
      const drafts = work(nowMs);
      return announce ? outbox.append([...drafts, ...eventsOfChanges(db, nowMs)], nowMs) : [];
    });
  }
}

function mergedEvent(
  event: "contact.merged" | "contact.unmerged",
  { change, chatIds }: Repointed,
): EventDraft {
  const topics = [
    "contacts",
    `contact:${change.from_id}`,
    `contact:${change.into_id}`,
    ...chatIds.map((id) => `chat:${id}`),
  ];
  return { event, topics, data: JSON.stringify(change) };
}
