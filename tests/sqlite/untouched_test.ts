import { deepEqual, equal, throws } from "node:assert/strict";
import { integer } from "../../src/sqlite/row.ts";
import { type Connection, openDatabase, SqliteError } from "../../src/sqlite/sqlite.ts";
import { readUntouched } from "../../src/sqlite/untouched.ts";

/** A database in WAL mode with one row, closed; its name holds what a URI must escape. */
class Place implements Disposable {
  readonly folder = Deno.makeTempDirSync({ prefix: "chatstats-untouched-" });
  readonly path = `${this.folder}/a %41?#.db`;
  constructor() {
    using db = this.open();
    db.exec("PRAGMA journal_mode = WAL; CREATE TABLE t (x); INSERT INTO t VALUES (1)");
  }
  open(): Connection {
    return openDatabase(this.path);
  }
  get names(): string[] {
    return [...Deno.readDirSync(this.folder)].map(({ name }) => name.replace(/^.*\.db/, "db")).sort();
  }
  [Symbol.dispose](): void {
    Deno.removeSync(this.folder, { recursive: true });
  }
}

function rows(db: Connection): number {
  return integer(db.prepare("SELECT count(*) AS n FROM seen.t").get() ?? {}, "n");
}

Deno.test("readUntouched() makes no file when nobody has the database open, and follows a link", () => {
  using place = new Place();
  Deno.symlinkSync(place.path, `${place.folder}/link`);
  deepEqual(place.names, ["db", "link"]);
  for (const path of [place.path, `${place.folder}/link`]) {
    readUntouched(path, "seen", (db) => {
      equal(rows(db), 1);
      deepEqual(place.names, ["db", "link"]);
      throws(() => db.exec("INSERT INTO seen.t VALUES (2)"), SqliteError);
    });
  }
  deepEqual(place.names, ["db", "link"]);
});

Deno.test("readUntouched() sees what is in the WAL when somebody has the database open, or left it there", () => {
  using place = new Place();
  {
    using db = place.open();
    db.exec("INSERT INTO t VALUES (2)");
    equal(readUntouched(place.path, "seen", rows), 2);
    // Copied as they stand: nobody has this one open.
    Deno.copyFileSync(`${place.path}-wal`, `${place.folder}/copied-wal`);
    new Deno.Command("cp", { args: [place.path, `${place.folder}/copied`] }).outputSync();
  }
  equal(readUntouched(`${place.folder}/copied`, "seen", rows), 2);
});

Deno.test("readUntouched() reads again when somebody began to write meanwhile, whether it failed or not", () => {
  for (const fails of [false, true]) {
    using place = new Place();
    const writers: Connection[] = [];
    let times = 0;
    const seen = readUntouched(place.path, "seen", (db) => {
      times++;
      if (times === 1) {
        const writer = place.open();
        writers.push(writer);
        writer.exec("INSERT INTO t VALUES (2)");
      }
      if (fails && times === 1) throw new SqliteError(11, 11, "half a page", null);
      return rows(db);
    });
    deepEqual([seen, times], [2, 2]);
    for (const writer of writers) writer.close();
  }
});
