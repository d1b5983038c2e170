/**
 * Our side of a sequence: when the program looks, is asked, starts anew or is killed, and what a client hears meanwhile.
 * Passes are those that a commit starts, as in life; nothing looks back.
 */
import { deepEqual } from "node:assert/strict";
import type { Row } from "../../../src/sqlite/sqlite.ts";
import { integer, text } from "../../../src/sqlite/row.ts";
import type { SyncFixture } from "../../support/sync_fixture.ts";
import { FeedClient } from "./feed_client.ts";

const COMMIT = { reason: "commit", thorough: false };
const START = { reason: "start", thorough: true };
const ASKED = { reason: "request", thorough: true };

/** Messages of ours that say what they said when they were last in Messages' file. */
const OURS = `
  SELECT guid, hex(content) AS content, timestamp, is_from_me, deleted_at, source_rowid
    FROM messages
   WHERE NOT (source_rowid IS NULL AND deleted_at IS NOT NULL AND content IS NULL)`;

class Killed extends Error {}

export class SequenceLooks {
  #fixture: SyncFixture | null = null;
  #client = new FeedClient({ strict: true });
  /** Begins where the client read everything last. */
  #replay: FeedClient | null = null;
  /** Calls of the probe until a kill; 0: none is planned. */
  #diesIn = 0;
  #starting = true;
  #kept: ReadonlyMap<string, Row> = new Map();
  #perhapsKept: ReadonlyMap<string, Row> = new Map();
  /** Messages that we had and the new file had when it came, until it is read. */
  #unseen: ReadonlyMap<string, Row> = new Map();

  /** For {@link SyncFixture}: what a pass calls at its named steps. */
  readonly probe = (): void => {
    if (this.#diesIn > 0 && --this.#diesIn === 0) throw new Killed();
  };

  begin(fixture: SyncFixture): void {
    this.#fixture = fixture;
  }

  /** Messages that no file has since it was replaced, as they were. */
  get kept(): ReadonlyMap<string, Row> {
    return this.#kept;
  }

  /** Messages that either are kept or are gone: they were deleted from a file that was new and not yet read. */
  get perhapsKept(): ReadonlyMap<string, Row> {
    return this.#perhapsKept;
  }

  /** What a commit brings about, or a start. */
  catchUp(rows: number): void {
    this.#alive((fixture) => this.#steps(fixture, rows, this.#starting ? START : COMMIT));
  }

  /** Somebody asks for a sync. */
  ask(): void {
    this.#alive((fixture) => this.#steps(fixture, 5_000, ASKED));
  }

  /** Some slices of the walks over everything, where they are under way. */
  compare(slices: number): void {
    this.#alive((fixture) => {
      fixture.attachIfNeeded();
      const { conversations, comparison } = fixture.messages;
      // As slow as can be, so that a slice is a part of what there is.
      comparison.took(60);
      for (let slice = 0; slice < slices; slice++) {
        const step = fixture.messages.compareStep(fixture.clock.now());
        this.#hear(fixture);
        fixture.db.transaction(() => conversations.walk(20));
        if (step === null) return;
      }
    });
  }

  restart(): void {
    this.#the().restart();
    this.#starting = true;
  }

  /** In what comes next, at the so-maniest named step. */
  dieAt(calls: number): void {
    this.#diesIn = calls;
  }

  /** Another file, or another content of it: what the new one does not have is kept. */
  otherFile(work: () => void): void {
    const ours = this.#the().rows(OURS).map((row) => [text(row, "guid"), row] as const);
    work();
    // Whoever was not running begins as at any start.
    this.#starting ||= !this.#the().attached;
    const there = this.#there();
    const lost = ours.filter(([guid]) => !there.has(guid));
    const last = this.#lastRowid();
    // What the file has come past and lost was deleted from it, unless its rows are others.
    const isNewer = (row: Row) => row["source_rowid"] === null || Number(row["source_rowid"]) > last;
    this.#kept = new Map(lost.filter(([, row]) => isNewer(row)));
    this.#perhapsKept = new Map([...this.#perhapsKept, ...lost.filter(([, row]) => !isNewer(row))]);
    this.#unseen = new Map(ours.filter(([guid]) => there.has(guid)));
  }

  /** Highest ROWID that the file has given to a message. */
  #lastRowid(): number {
    const row = this.#the().app.db.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'message'").get();
    return row === undefined ? 0 : integer(row, "seq");
  }

  /** The new file was read: what was deleted from it before that may have looked as if it never had it. */
  #readThrough(): void {
    if (this.#unseen.size === 0) return;
    const there = this.#there();
    const deleted = [...this.#unseen].filter(([guid]) => !there.has(guid));
    this.#perhapsKept = new Map([...this.#perhapsKept, ...deleted]);
    this.#unseen = new Map();
  }

  /** Messages that the file has in a chat, or in Recently Deleted; without a chat one can't be brought in. */
  #there(): ReadonlySet<string> {
    const { db } = this.#the().app;
    const recoverable = db.prepare(
      "SELECT name FROM sqlite_schema WHERE name = 'chat_recoverable_message_join'",
    ).get();
    const joins = [
      "chat_message_join",
      ...(recoverable === undefined ? [] : ["chat_recoverable_message_join"]),
    ];
    const ids = joins.map((join) => `SELECT message_id FROM ${join}`).join(" UNION ");
    const rows = db.prepare(`SELECT guid FROM message WHERE ROWID IN (${ids})`).all();
    return new Set(rows.map((row) => text(row, "guid")));
  }

  /** Until nothing is left, and nothing may be left then; judges what the client heard. */
  finish(): void {
    const fixture = this.#the();
    this.#diesIn = 0;
    this.catchUp(5_000);
    while (fixture.messages.comparison.walking) this.compare(1_000);
    this.catchUp(5_000);
    deepEqual(fixture.sync().events, [], "nothing may be left to tell");
    deepEqual(fixture.reconcile(), [], "nothing may be left to mend");
    while (!fixture.db.transaction(() => fixture.messages.conversations.walk(1_000)).done);
    this.#client.judge(fixture.db);
    this.#replay?.hear(fixture.db);
    this.#replay?.judge(fixture.db);
  }

  #steps(fixture: SyncFixture, rows: number, how: { reason: string; thorough: boolean }): void {
    while (true) {
      const { more } = fixture.step(rows, how);
      this.#hear(fixture);
      if (!more) break;
    }
    this.#starting = false;
    this.#readThrough();
  }

  #hear(fixture: SyncFixture): void {
    // Before its end the import tells nothing.
    if (!fixture.messages.imported) return;
    const before = this.#client.readAgain;
    this.#client.hear(fixture.db);
    if (this.#client.readAgain > before) this.#replay = this.#client.copy({ strict: false });
  }

  #alive(work: (fixture: SyncFixture) => void): void {
    const fixture = this.#the();
    try {
      work(fixture);
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      this.#diesIn = 0;
      fixture.crash();
      this.#starting = true;
      this.#hear(fixture);
    }
    this.#diesIn = 0;
  }

  #the(): SyncFixture {
    if (this.#fixture === null) throw new Error("No fixture to look with");
    return this.#fixture;
  }
}
