/** A database that anything may happen to, and the judge who knows what did: triggers that note every changed row. */
import type { ChangedRows } from "../../../src/model/changed_rows.ts";
import assert from "node:assert/strict";
import { type Connection, openDatabase } from "../../../src/sqlite/sqlite.ts";
import { everyCell } from "./every_cell.ts";
import schema from "./wal_schema.sql" with { type: "text" };

export type Place = "one" | "two";

export interface WorldOptions {
  readonly pageSize: number;
  readonly autoVacuum: 0 | 1 | 2;
  readonly autoCheckpoint: number;
}

interface Happened {
  readonly place: Place;
  readonly id: number;
}

export class WalWorld implements Disposable {
  readonly folder = Deno.makeTempDirSync({ prefix: "chatstats-wal-" });
  readonly path = `${this.folder}/source.db`;
  readonly writer: Connection;
  readonly #reader: Connection;
  /** Changed rows that were committed since {@link forget}. */
  #happened: Happened[] = [];
  /** Cells of every leaf that ever stood in the WAL's file. */
  readonly #written = new Set<number>();
  /** Only after a checkpoint can the WAL begin anew. */
  checkpointed = false;

  constructor(options: WorldOptions) {
    this.writer = openDatabase(this.path);
    this.writer.exec(
      `PRAGMA page_size = ${options.pageSize}; PRAGMA auto_vacuum = ${options.autoVacuum};
       PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = 8; PRAGMA temp_store = MEMORY;
       PRAGMA wal_autocheckpoint = ${options.autoCheckpoint};`,
    );
    this.writer.defineFunction("filled", (size, byte) => new Uint8Array(Number(size)).fill(Number(byte)));
    this.writer.exec(schema);
    this.#reader = openDatabase(this.path);
  }

  /** To be called after everything that was done. */
  noted(): void {
    for (const cell of everyCell(this.wal())) this.#written.add(cell);
    if (this.writer.inTransaction) return;
    for (const { place, id } of this.writer.prepare("SELECT place, id FROM happened").all()) {
      this.#happened.push({ place: place === "one" ? "one" : "two", id: Number(id) });
    }
    this.writer.exec("DELETE FROM happened");
  }

  wal(): Uint8Array {
    return Deno.readFileSync(`${this.path}-wal`);
  }

  forget(): void {
    this.#happened = [];
  }

  /** Keeps a read open, so that no checkpoint is complete. */
  hold(): void {
    if (this.#reader.inTransaction) return;
    this.#reader.exec("BEGIN");
    this.#reader.prepare("SELECT count(*) FROM one").get();
  }

  release(): void {
    if (this.#reader.inTransaction) this.#reader.exec("COMMIT");
  }

  /** Throws where `changed` misses something that happened. */
  judge(changed: ChangedRows): void {
    this.release();
    const candidates = new Set(changed.rowids);
    for (const rowid of candidates) {
      assert.ok(this.#written.has(rowid), `${rowid} stood in no page of the WAL`);
    }
    const there = { one: this.#ids("one"), two: this.#ids("two") };
    for (const { place, id } of this.#happened) {
      if (there[place].has(id)) {
        assert.ok(candidates.has(id), `${place} ${id} was changed and is no candidate`);
      } else {assert.ok(
          this.#isCovered(changed, place, id, there[place]),
          `${place} ${id} went, and no range has it`,
        );}
    }
  }

  #isCovered(changed: ChangedRows, place: Place, id: number, there: ReadonlySet<number>): boolean {
    const ids = [...there];
    const before = Math.max(-Infinity, ...ids.filter((other) => other < id));
    const after = Math.min(Infinity, ...ids.filter((other) => other > id));
    // The range reaches to the next rows that are left: `before` or `after` at most are its edges.
    const near = changed.ranges.some(({ first, last }) => last >= before && first <= after);
    return near || (ids.length === 0 && changed.emptied.includes(this.#root(place)));
  }

  #ids(place: Place): ReadonlySet<number> {
    const rows = this.#reader.prepare(place === "one" ? "SELECT id FROM one" : "SELECT id FROM two").all();
    return new Set(rows.map(({ id }) => Number(id)));
  }

  #root(place: Place): number {
    const row = this.#reader.prepare("SELECT rootpage FROM sqlite_schema WHERE name = :place").get({ place });
    return Number(row?.["rootpage"]);
  }

  [Symbol.dispose](): void {
    this.#reader.close();
    this.writer.close();
    Deno.removeSync(this.folder, { recursive: true });
  }
}
