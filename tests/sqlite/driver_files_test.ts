/** Which files are opened, attached and let go of, on whichever driver is built in. */
import { deepEqual, doesNotThrow, equal, ok, throws } from "node:assert/strict";
import { openDatabase, SQLITE } from "../../src/sqlite/sqlite.ts";
import { Fenced, Folder } from "./support/driver_folder.ts";

Deno.test("openDatabase() opens for reading a file whose name looks like a URI or needs one", () => {
  using folder = new Folder();
  using db = openDatabase(folder.source, { readOnly: true });
  deepEqual(db.prepare("SELECT x FROM t").all().map(({ x }) => x), [7]);
  throws(() => db.exec("INSERT INTO t VALUES (8)"), { resultCode: SQLITE.READONLY });
  throws(() => db.prepare("INSERT INTO t VALUES (8)").run(), { resultCode: SQLITE.READONLY });
});

Deno.test("attachReadOnly() attaches a known source, again after DETACH, and for reading alone", () => {
  using folder = new Fenced();
  const { db, source } = folder;
  for (let round = 0; round < 2; round++) {
    db.attachReadOnly(source, "source");
    deepEqual(db.prepare("SELECT x FROM source.t").all().map(({ x }) => x), [7]);
    throws(() => db.exec("INSERT INTO source.t VALUES (8)"), /readonly/);
    db.finalizeStatements();
    db.exec("DETACH source");
  }
});

Deno.test("attachReadOnly() tells CANTOPEN when there is no such file, makes none, and goes on", () => {
  using folder = new Fenced();
  const { db, path, source } = folder;
  db.restrictAttach(() => true);
  Deno.renameSync(source, `${path}/moved.db`);
  const before = folder.names();
  throws(() => db.attachReadOnly(source, "source"), { resultCode: SQLITE.CANTOPEN });
  deepEqual(folder.names(), before);
  Deno.renameSync(`${path}/moved.db`, source);
  doesNotThrow(() => db.attachReadOnly(source, "source"));
});

Deno.test("restrictAttach() refuses every other way to open or write a file", () => {
  using folder = new Fenced();
  const { db, path, source } = folder;
  const before = folder.names();
  const refused = { resultCode: SQLITE.AUTH };
  const refuseAll = () => {
    throws(() => db.attachReadOnly(`${path}/other.db`, "other"), { code: "attach_refused" });
    throws(() => db.exec(`ATTACH '${path}/other.db' AS other`), refused);
    throws(() => db.exec(`ATTACH '${path}/new.db' AS new`), refused);
    throws(() => db.prepare("ATTACH :path AS other").run({ path: `${path}/other.db` }), refused);
    throws(() => db.prepare("ATTACH :path AS again").run({ path: source }), refused, "it could be written");
    throws(() => db.exec(`VACUUM INTO '${path}/copy.db'`), refused);
    throws(() => db.prepare("VACUUM INTO :path").run({ path: `${path}/copy.db` }), refused);
    throws(() => db.exec("PRAGMA writable_schema = ON"), refused);
    throws(() => db.exec('PRAGMA "Writable_Schema" = ON'), refused);
    throws(() => db.prepare("SELECT load_extension('x')").get(), /not authorized|no such function/);
  };
  refuseAll();
  db.attachReadOnly(source, "source");
  refuseAll();
  deepEqual(folder.names(), before);
});

Deno.test("restrictAttach() can be narrowed and never widened, and lets everything else go on", () => {
  using folder = new Fenced();
  const { db, source } = folder;
  db.restrictAttach(() => true);
  throws(() => db.attachReadOnly(`${folder.path}/other.db`, "other"), { code: "attach_refused" });
  doesNotThrow(() => db.exec("CREATE TEMP TABLE b (x); CREATE INDEX a_x ON a (x); INSERT INTO a VALUES (1)"));
  equal(db.transaction(() => db.prepare("UPDATE a SET x = 2").run().changes), 1);
  doesNotThrow(() => db.exec("PRAGMA main.wal_checkpoint(TRUNCATE)"));
  db.restrictAttach(() => false);
  throws(() => db.attachReadOnly(source, "source"), { code: "attach_refused" });
});

Deno.test("close() lets go of the file, and nothing can be asked afterwards", () => {
  using folder = new Folder();
  const path = `${folder.path}/closed.db`;
  const db = openDatabase(path);
  db.exec("PRAGMA journal_mode = WAL; CREATE TABLE t (x)");
  db.defineFunction("one", () => 1);
  const statement = db.prepare("SELECT one() AS one");
  equal(statement.get()?.["one"], 1);
  ok(folder.names().includes("closed.db-wal"));
  db.close();
  ok(!folder.names().includes("closed.db-wal"), "the last one to close takes the WAL away");
  throws(() => db.exec("SELECT 1"));
  throws(() => db.prepare("SELECT 1").get());
  throws(() => statement.get());
  throws(() => db.close());
});
