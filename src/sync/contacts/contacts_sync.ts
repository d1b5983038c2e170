/**
 * Contacts into ours: the stores whose token moved are mirrored, then contacts follow the cards.
 *
 *   sync ─▶ discover ─▶ read each moved store, a slice at a time ─▶ plan ─▶ apply ─▶ plan … until nothing is left to do
 *
 * The same for the start, the timer and an unknown sender. Nothing is told until the first sync after the messages'
 * import is stored as done; from then on every change is. One sync, undo or rename at a time; between two slices
 * messages are synced.
 */
import type { WireEvent } from "../../model/feed.ts";
import type { ContactPlan, PlannedName } from "../../model/contact.ts";
import { integer } from "../../sqlite/row.ts";
import type { Connection } from "../../sqlite/sqlite.ts";
import { STATE_KEYS, type StateStore } from "../../store/state.ts";
import { isEmptyPlan, planContactsInSlices } from "../../people/contact_match.ts";
import type { ContactsWriter } from "./contacts_writer.ts";
import { earlyNames } from "./early_names.ts";
import { loadCards, loadContacts, loadIdentifiers, loadMerges } from "./known.ts";
import { slices } from "../pacing.ts";
import { type Reading, StoreReader, type StoreState } from "./store_reader.ts";
import tempTables from "./sql/temp_tables.sql" with { type: "text" };

export interface ContactsSyncPorts {
  readonly db: Connection;
  readonly state: StateStore;
  readonly writer: ContactsWriter;
  /** The AddressBook's folder. */
  readonly folder: string;
  /** What to do when the system does not let us read it. */
  readonly permissionHint?: string;
  /** Two-letter region of numbers without a country code; null: not known. */
  readonly region: () => string | null;
  /** Gives the event loop its turn and waits until nobody else writes. */
  readonly turn: () => Promise<void>;
  /** Whether rows may be re-pointed now: not while an import runs without its indexes. */
  readonly mayMerge: () => boolean;
  /** Whether the messages' first import is stored as done. */
  readonly messagesImported: () => boolean;
  readonly committed: (events: readonly WireEvent[]) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Called at the named steps, where a test may cut the power. */
  readonly probe: (label: string) => void;
}

export interface ContactsOutcome {
  readonly stores: readonly StoreState[];
  readonly cardsChanged: number;
  /** Contacts that got another name. */
  readonly renamed: number;
  readonly merged: number;
  readonly split: number;
  /** Identifiers that became shared, or ceased to be. */
  readonly shared: number;
  readonly counts: ContactPlan["counts"];
  /** Cards or values of stores that were read, and could not be used as they stand. */
  readonly oddValues: number;
  /** Nothing moved: nothing was read, nothing planned. */
  readonly idle: boolean;
  /** This one ended the first contact sync: what it changed was not told. */
  readonly firstDone: boolean;
}

const NO_COUNTS: ContactPlan["counts"] = { unusableCards: 0, unmatched: 0, ambiguous: 0 };
/** Names per transaction. */
const NAMES_PER_SLICE = 100;
/** A plan may need another after it (a split makes a merge possible); this many were never seen. */
const MOST_ROUNDS = 8;

export class ContactsSync {
  readonly #ports: ContactsSyncPorts;
  readonly #reader: StoreReader;
  /** What is under way; the next one waits for it. */
  #busy: Promise<unknown> = Promise.resolve();

  /** Makes the work tables; the connection must have no source attached yet. */
  constructor(ports: ContactsSyncPorts) {
    this.#ports = ports;
    ports.db.exec(tempTables);
    this.#reader = new StoreReader(ports);
  }

  /** `full`: stores are read whatever their token says. Throws SqliteError of our own database. */
  sync(full: boolean): Promise<ContactsOutcome> {
    return this.#alone(() => this.#sync(full));
  }

  /** A person takes a merge back: the two are not merged again. Throws LiveSyncError `not_found`, `already_undone`. */
  undo(mergeId: number): Promise<void> {
    return this.#alone(async () => {
      await this.#ports.turn();
      // What a person does is told as soon as anything is, also before cards were ever read.
      this.#ports.committed(this.#ports.writer.undo(mergeId, "user", "user", this.#ports.messagesImported()));
      await this.#follow();
    });
  }

  /** The person's own name; empty takes it back. Gives the contact's id. Throws LiveSyncError `not_found`. */
  rename(contactId: number, name: string): Promise<number> {
    return this.#alone(async () => {
      await this.#ports.turn();
      const renamed = this.#ports.writer.rename(contactId, name, this.#ports.messagesImported());
      this.#ports.committed(renamed.events);
      if (name === "") await this.#follow();
      return renamed.contactId;
    });
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#busy.then(work, work);
    // Whoever asked hears of the failure; the next one does not care.
    this.#busy = mine.catch(() => {});
    return mine;
  }

  async #sync(full: boolean): Promise<ContactsOutcome> {
    await this.#ports.turn();
    const reading = await this.#reader.read(full);
    const first = !this.#isFirstDone();
    if (!first && reading.cardsChanged === 0 && !this.#isDirty() && !this.hasNewIdentifiers()) {
      return outcome(reading, NO_CHANGES, true, false);
    }
    const done = await this.#follow();
    const firstDone = first && reading.found && this.#endFirst();
    return outcome(reading, done, false, firstDone);
  }

  /** Contacts follow the cards; nothing is left to do at the end. */
  async #follow(): Promise<Changes> {
    const { probe, turn, db, state } = this.#ports;
    probe("contacts.follow.before");
    let all = NO_CHANGES;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const mayMerge = this.#ports.mayMerge();
      const newest = newestIdentifier(db);
      const plan = await this.#plan();
      const done = await this.#apply(plan, mayMerge);
      all = {
        renamed: all.renamed + done.renamed,
        merged: all.merged + done.merged,
        split: all.split + done.split,
        shared: all.shared + done.shared,
        counts: plan.counts,
      };
      // After a round nothing is left to do, but where a split made something possible: each change is planned once.
      if (isEmptyPlan(plan) || mayMerge && plan.splits.length === 0) {
        await turn();
        db.transaction(() => {
          state.set(STATE_KEYS.contactsIdentifier, newest);
          state.set(STATE_KEYS.contactsDirty, null);
        });
        return all;
      }
      // The rest waits until rows may be re-pointed; what is stored as dirty is planned again then.
      if (!mayMerge) return all;
    }
    return all;
  }

  async #plan(): Promise<ContactPlan> {
    const { db, turn } = this.#ports;
    const cards = [];
    for (const slice of loadCards(db)) {
      cards.push(...slice);
      await turn();
    }
    const planning = planContactsInSlices({
      identifiers: loadIdentifiers(db),
      contacts: loadContacts(db),
      cards,
      ...loadMerges(db),
    });
    while (true) {
      const step = planning.next();
      if (step.done) return step.value;
      await turn();
    }
  }

  async #apply(plan: ContactPlan, mayMerge: boolean): Promise<Omit<Changes, "counts">> {
    const { committed, turn, writer } = this.#ports;
    const announce = this.#announces();
    if (mayMerge) {
      for (const { mergeId, reason } of plan.splits) {
        await turn();
        committed(writer.undo(mergeId, "cards", reason, announce));
      }
    }
    if (plan.shares.length > 0) {
      await turn();
      writer.shares(plan.shares);
    }
    if (mayMerge) {
      for (const merge of plan.merges) {
        await turn();
        committed(writer.merge(merge, announce));
      }
    }
    const renamed = await this.#applyNames(plan.names, announce);
    // Whom a merge will name later has a name now.
    const early = mayMerge ? [] : earlyNames(plan.merges, loadContacts(this.#ports.db));
    return {
      renamed: renamed + await this.#applyNames(early, announce),
      merged: mayMerge ? plan.merges.length : 0,
      split: mayMerge ? plan.splits.length : 0,
      shared: plan.shares.length,
    };
  }

  /** Gives how many. */
  async #applyNames(names: readonly PlannedName[], announce: boolean): Promise<number> {
    const { committed, turn, writer } = this.#ports;
    for (const slice of slices(names, NAMES_PER_SLICE)) {
      await turn();
      committed(writer.names(slice, announce));
    }
    return names.length;
  }

  #isDirty(): boolean {
    return this.#ports.state.get(STATE_KEYS.contactsDirty) !== null;
  }

  /** Whether somebody is known whom no plan has seen. About 5 µs. */
  hasNewIdentifiers(): boolean {
    return newestIdentifier(this.#ports.db) > this.#ports.state.getInteger(STATE_KEYS.contactsIdentifier);
  }

  #isFirstDone(): boolean {
    return this.#ports.state.get(STATE_KEYS.contactsFirst) !== null;
  }

  /** Without any store there is no first sync under way that everything else would be part of. */
  #announces(): boolean {
    if (this.#isFirstDone()) return true;
    const stores = this.#ports.db.prepare("SELECT 1 FROM main.address_book_stores LIMIT 1").get();
    return stores === undefined && this.#ports.messagesImported();
  }

  #endFirst(): boolean {
    const { db, state, messagesImported, mayMerge, probe } = this.#ports;
    if (!messagesImported() || !mayMerge() || this.#isDirty() || this.hasNewIdentifiers()) return false;
    db.transaction(() => {
      state.set(STATE_KEYS.contactsFirst, "done");
      probe("contacts.first.before_commit");
    });
    return true;
  }
}

type Changes = Pick<ContactsOutcome, "renamed" | "merged" | "split" | "shared" | "counts">;
const NO_CHANGES: Changes = { renamed: 0, merged: 0, split: 0, shared: 0, counts: NO_COUNTS };

function outcome(reading: Reading, changes: Changes, idle: boolean, firstDone: boolean): ContactsOutcome {
  return { ...reading, ...changes, idle, firstDone };
}

function newestIdentifier(db: Connection): number {
  const row = db.prepare("SELECT coalesce(max(id), 0) AS top FROM main.contact_identifiers").get();
  return integer(row ?? {}, "top");
}
