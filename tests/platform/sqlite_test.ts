import { deepEqual, doesNotThrow, equal, throws } from "node:assert/strict";
import { type Connection, openDatabase } from "../../src/platform/sqlite.ts";

class Folder implements Disposable {
  readonly path = Deno.makeTempDirSync();
  readonly db: Connection = openDatabase(`${this.path}/ours.db`);
  readonly source = `${this.path}/it's a source?.db`;
  constructor() {
    this.db.exec("CREATE TABLE a (x)");
    for (const path of [this.source, `${this.path}/other.db`]) {
      using other = openDatabase(path);
      other.exec("CREATE TABLE t (x); INSERT INTO t VALUES (7)");
    }
    this.db.restrictAttach((path) => path === this.source);
  }
  names(): string[] {
    return [...Deno.readDirSync(this.path)].map(({ name }) => name).toSorted();
  }
  [Symbol.dispose](): void {
    this.db.close();
    Deno.removeSync(this.path, { recursive: true });
  }
}

Deno.test("attachReadOnly() attaches a known source, again after DETACH, and for reading alone", () => {
  using folder = new Folder();
  const { db, source } = folder;
  for (let round = 0; round < 2; round++) {
    db.attachReadOnly(source, "source");
    deepEqual(db.prepare("SELECT x FROM source.t").all().map(({ x }) => x), [7]);
    throws(() => db.exec("INSERT INTO source.t VALUES (8)"), /readonly/);
    db.finalizeStatements();
    db.exec("DETACH source");
  }
});

Deno.test("restrictAttach() refuses every other way to open or write a file", () => {
  using folder = new Folder();
  const { db, path, source } = folder;
  const before = folder.names();
  throws(() => db.attachReadOnly(`${path}/other.db`, "other"), { code: "attach_refused" });
  const refused = { resultCode: 23 };
  throws(() => db.exec(`ATTACH '${path}/other.db' AS other`), refused);
  throws(() => db.exec(`ATTACH '${path}/new.db' AS new`), refused);
  throws(() => db.prepare("ATTACH :path AS other").run({ path: `${path}/other.db` }), refused);
  throws(() => db.prepare("ATTACH :path AS source").run({ path: source }), refused, "it could be written");
  throws(() => db.exec(`VACUUM INTO '${path}/copy.db'`), refused);
  throws(() => db.prepare("VACUUM INTO :path").run({ path: `${path}/copy.db` }), refused);
  throws(() => db.exec("PRAGMA writable_schema = ON"), refused);
  throws(() => db.exec("PRAGMA Writable_Schema = ON"), refused);
  throws(() => db.prepare("SELECT load_extension('x')").get(), /not authorized/);
  deepEqual(folder.names(), before);
});

Deno.test("restrictAttach() can be narrowed and never widened, and lets everything else go on", () => {
  using folder = new Folder();
  const { db, source } = folder;
  db.restrictAttach(() => true);
  throws(() => db.attachReadOnly(`${folder.path}/other.db`, "other"), { code: "attach_refused" });
  doesNotThrow(() => db.exec("CREATE TEMP TABLE b (x); CREATE INDEX a_x ON a (x); INSERT INTO a VALUES (1)"));
  equal(db.transaction(() => db.prepare("UPDATE a SET x = 2").run().changes), 1);
  doesNotThrow(() => db.exec("PRAGMA main.wal_checkpoint(TRUNCATE)"));
  db.restrictAttach(() => false);
  throws(() => db.attachReadOnly(source, "source"), { code: "attach_refused" });
});

Deno.test("openDatabase() opens for reading a file whose name looks like a URI or needs one", () => {
  using folder = new Folder();
  using db = openDatabase(folder.source, { readOnly: true });
  deepEqual(db.prepare("SELECT x FROM t").all().map(({ x }) => x), [7]);
  throws(() => db.exec("INSERT INTO t VALUES (8)"), { resultCode: 8 });
});
