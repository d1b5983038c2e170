/**
 * What the program relies on, of whichever driver is built in; see also driver_functions_test.ts and
 * driver_files_test.ts. `deno task test:ffi` runs it on @db/sqlite; in the
 * ordinary tests ffi_driver_test.ts runs it on that driver in a second process.
 */
import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { type Connection, DRIVER, openDatabase, SQLITE, SqliteError } from "../../src/sqlite/sqlite.ts";
import { Folder } from "./support/driver_folder.ts";

/** What SQLite sees of a bound value, and what comes back of it. */
function roundTrip(db: Connection, value: null | number | bigint | string | Uint8Array) {
  const row = db.prepare("SELECT :v AS v, typeof(:v) AS type, CAST(:v AS TEXT) AS text, hex(:v) AS hex").get({
    v: value,
  });
  return { ...row };
}

Deno.test(`openDatabase() opens through ${DRIVER.name}, a SQLite that knows what the program uses`, () => {
  using folder = new Folder();
  const row = folder.db.prepare("SELECT sqlite_version() AS version, json('[1]') ->> 0 AS one").get();
  equal(row?.["one"], 1, String(row?.["version"]));
});

Deno.test("get() gives numbers, texts, blobs and NULL as they were bound", () => {
  using folder = new Folder();
  const { db } = folder;
  for (const value of [0, 1, -1, 2 ** 31, -(2 ** 31) - 1, 2 ** 53 - 1, -(2 ** 53 - 1)]) {
    const { v, type, text } = roundTrip(db, value);
    deepEqual({ v, type, text }, { v: value, type: "integer", text: String(value) });
    equal(roundTrip(db, BigInt(value))["v"], value);
  }
  for (const value of [0.5, -1.25e-7, Number.MIN_VALUE]) {
    const { v, type } = roundTrip(db, value);
    deepEqual({ v, type }, { v: value, type: "real" });
  }
  for (
    const text of ["", "a", "né 日本 😀 👩‍👩‍👧", "\uFEFFwith a mark", 'it\'s "quoted"\n', "x".repeat(100_000)]
  ) {
    const { v, type } = roundTrip(db, text);
    deepEqual({ v, type }, { v: text, type: "text" });
  }
  for (const blob of [new Uint8Array(), new Uint8Array([0, 255, 0, 1]), new Uint8Array(70_000).fill(3)]) {
    const { v, type } = roundTrip(db, blob);
    ok(v instanceof Uint8Array);
    deepEqual({ v: [...v], type }, { v: [...blob], type: "blob" });
  }
  const { v, type } = roundTrip(db, null);
  deepEqual({ v, type }, { v: null, type: "null" });
});

Deno.test("run() binds integers up to 2^63 exactly, and refuses what does not fit", () => {
  using folder = new Folder();
  const { db } = folder;
  const asText = db.prepare("SELECT CAST(:v AS TEXT) AS text");
  for (const value of [2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n), 788_918_400_123_456_789n]) {
    equal(asText.get({ v: value })?.["text"], String(value));
  }
  throws(() => asText.get({ v: 2n ** 63n }));
});

Deno.test("run() binds whole numbers beyond 2^53 as REAL, and −0 as the INTEGER 0, as what they are in SQL", () => {
  using folder = new Folder();
  const { db } = folder;
  for (const value of [2 ** 53, -(2 ** 53), 2 ** 63, 1e300, -1e300, Number.MAX_VALUE]) {
    const { v, type } = roundTrip(db, value);
    deepEqual({ v, type }, { v: value, type: "real" });
  }
  const { v, type, text } = roundTrip(db, -0);
  deepEqual({ v, type, text }, { v: 0, type: "integer", text: "0" });
});

Deno.test("run() tells the id of the last row when it needs more than 32 bits", () => {
  using folder = new Folder();
  const { db } = folder;
  db.exec("CREATE TABLE wide (id INTEGER PRIMARY KEY)");
  for (const id of [2 ** 31, 2 ** 32 + 7, 2 ** 53 - 1, -(2 ** 40)]) {
    equal(db.prepare("INSERT INTO wide VALUES (:id)").run({ id }).lastId, id);
  }
});

Deno.test("a statement that was kept over finalizeStatements() throws or goes on, and ends no process", () => {
  using folder = new Folder();
  const { db } = folder;
  const kept = db.prepare("SELECT :v AS v");
  equal(kept.get({ v: 1 })?.["v"], 1);
  db.finalizeStatements();
  for (const ask of [() => kept.get({ v: 2 })?.["v"], () => kept.all({ v: 2 })[0]?.["v"]]) {
    try {
      equal(ask(), 2);
    } catch (error) {
      ok(error instanceof Error && /finalized/.test(error.message), String(error));
    }
  }
  equal(db.prepare("SELECT :v AS v").get({ v: 3 })?.["v"], 3, "asked for anew, it is there again");
});

Deno.test("get() and all() give what was bound when memory is reclaimed meanwhile", () => {
  using folder = new Folder();
  const { db } = folder;
  // Called between two columns, and so much is thrown away that V8 collects garbage.
  db.defineFunction("reclaim", () => {
    for (let i = 0; i < 8; i++) new Uint8Array(4_000_000);
    return 0;
  }, { deterministic: false });
  const sql = "SELECT :t AS t, :b AS b, reclaim() AS r";
  for (let round = 0; round < 20; round++) {
    const [t, b] = [`${round}é`.repeat(20_000), new Uint8Array(50_000).fill(round)];
    const row = db.prepare(sql).get({ t, b });
    ok(row?.["t"] === t && row["b"] instanceof Uint8Array && row["b"].every((byte) => byte === round));
    const [again] = db.prepare(sql).all({ t, b });
    ok(again?.["t"] === t && again["b"] instanceof Uint8Array && again["b"].every((byte) => byte === round));
  }
});

Deno.test("openDatabase() says in SQLite's words why it can't, and no number before them", () => {
  using folder = new Folder();
  throws(() => openDatabase(`${folder.path}/no/folder.db`), { message: /^unable to open database file/ });
});

Deno.test("get() gives an integer beyond 2^53 exactly or not at all, and Apple's nanoseconds divided in SQL", () => {
  using folder = new Folder();
  const { db } = folder;
  for (const value of [2n ** 53n + 1n, 2n ** 63n - 1n]) {
    try {
      equal(db.prepare("SELECT :v AS v").get({ v: value })?.["v"], value);
    } catch (error) {
      ok(error instanceof RangeError, String(error));
    }
  }
  equal(db.prepare("SELECT :v / 1000000 AS v").get({ v: 788_918_400_123_456_789n })?.["v"], 788_918_400_123);
});

Deno.test("a text with NUL is stored whole, read up to it, and read whole as JSON", () => {
  using folder = new Folder();
  const { db } = folder;
  db.prepare("INSERT INTO a VALUES (:x)").run({ x: "a\0b" });
  const row = db.prepare("SELECT x, hex(x) AS hex, json_object('x', x) AS json FROM a").get();
  deepEqual({ ...row }, { x: "a", hex: "610062", json: '{"x":"a\\u0000b"}' });
});

Deno.test("run() and prepare() take named parameters, tell changes and ids, and know no others", () => {
  using folder = new Folder();
  const { db } = folder;
  const insert = db.prepare("INSERT INTO a VALUES (:x), (:y)");
  deepEqual(insert.run({ x: 1, y: 2 }), { changes: 2, lastId: 2 });
  deepEqual(insert.run({ y: 4, x: 3 }), { changes: 2, lastId: 4 });
  equal(db.prepare("UPDATE a SET x = x + 1 WHERE x > :x").run({ x: 2 }).changes, 2);
  deepEqual(db.prepare("SELECT x FROM a ORDER BY rowid").all().map(({ x }) => x), [1, 2, 4, 5]);
  deepEqual(
    db.prepare('DELETE FROM a WHERE x = :x RETURNING x * 10 AS "ten\'s"').all({ x: 4 }).map((row) => ({
      ...row,
    })),
    [{ "ten's": 40 }],
  );
  throws(() => insert.run({ x: 1, z: 2 }));
  equal(db.prepare("SELECT x FROM a WHERE x = :x").get({ x: 99 }), undefined);
  equal(db.prepare("SELECT 1 -- – not ASCII – x\n AS one").get()?.["one"], 1);
  equal(db.prepare("SELECT '日本' || 'x' AS jp, 2 AS two").get()?.["two"], 2);
  equal(db.prepare("SELECT json_object('a\"b', 1)").all().length, 1, "a column whose name is its expression");
});

Deno.test("a failure is SqliteError with SQLite's code when a constraint, the SQL or the file is wrong", () => {
  using folder = new Folder();
  const { db, path } = folder;
  db.exec("CREATE TABLE u (x UNIQUE); INSERT INTO u VALUES (1)");
  const insert = db.prepare("INSERT INTO u VALUES (:x)");
  throws(() => insert.run({ x: 1 }), { resultCode: SQLITE.CONSTRAINT, extendedCode: 2067 });
  equal(insert.run({ x: 2 }).changes, 1, "the statement goes on");
  throws(() => db.exec("INSERT INTO u VALUES (1)"), { resultCode: SQLITE.CONSTRAINT });
  throws(() => db.prepare("SELEC 1"), { resultCode: SQLITE.ERROR });
  throws(() => db.exec("SELECT * FROM nowhere"), { resultCode: SQLITE.ERROR });
  throws(() => openDatabase(`${path}/none.db`, { readOnly: true }), { resultCode: SQLITE.CANTOPEN });
  throws(() => openDatabase(`${path}/no/folder.db`), { resultCode: SQLITE.CANTOPEN });
  Deno.writeTextFileSync(`${path}/text.db`, "no database ".repeat(1_000));
  using text = openDatabase(`${path}/text.db`);
  throws(() => text.prepare("SELECT * FROM sqlite_schema").all(), { resultCode: SQLITE.NOTADB });
  ok(!new SqliteError(SQLITE.NOTADB, SQLITE.NOTADB, "", undefined).isBusy);
});

Deno.test("all(), get() and run() throw CORRUPT when a page is damaged", () => {
  using folder = new Folder();
  const path = `${folder.path}/damaged.db`;
  {
    using whole = openDatabase(path);
    whole.exec("PRAGMA page_size = 1024; CREATE TABLE d (x)");
    whole.transaction(() => {
      for (let i = 0; i < 200; i++) whole.prepare("INSERT INTO d VALUES (:x)").run({ x: "y".repeat(400) });
    });
  }
  const bytes = Deno.readFileSync(path);
  bytes.fill(255, 20 * 1024, 21 * 1024);
  Deno.writeFileSync(path, bytes);
  using damaged = openDatabase(path);
  const corrupt = { resultCode: SQLITE.CORRUPT };
  throws(() => damaged.prepare("SELECT x FROM d").all(), corrupt);
  throws(() => damaged.prepare("SELECT count(x) AS n FROM d").get(), corrupt);
  throws(() => damaged.prepare("UPDATE d SET x = 1").run(), corrupt);
});

Deno.test("foreign keys are kept from the start", () => {
  using folder = new Folder();
  const { db } = folder;
  db.exec("CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES p ON DELETE CASCADE)");
  throws(() => db.exec("INSERT INTO c VALUES (1)"), { resultCode: SQLITE.CONSTRAINT });
  throws(() => db.prepare("INSERT INTO c VALUES (1)").run(), { extendedCode: 787 });
  db.exec("INSERT INTO p VALUES (1); INSERT INTO c VALUES (1); DELETE FROM p");
  equal(db.prepare("SELECT count(*) AS n FROM c").get()?.["n"], 0);
});

Deno.test("a second writer is told BUSY, at once without waiting, and both go on", () => {
  using folder = new Folder();
  const { db, path } = folder;
  using second = openDatabase(`${path}/ours.db`, { busyTimeoutMs: 2_000 });
  db.exec("BEGIN IMMEDIATE");
  const write = second.prepare("INSERT INTO a VALUES (1)");
  const startedAt = performance.now();
  throws(() => second.withoutWaiting(() => write.run()), (error) => {
    return error instanceof SqliteError && error.isBusy && error.resultCode === SQLITE.BUSY;
  });
  throws(() => second.withoutWaiting(() => second.exec("BEGIN IMMEDIATE")), { resultCode: SQLITE.BUSY });
  ok(performance.now() - startedAt < 1_000, "it did not wait");
  equal(second.prepare("PRAGMA busy_timeout").get()?.["timeout"], 2_000);
  db.exec("INSERT INTO a VALUES (2); COMMIT");
  equal(write.run().changes, 1);
  equal(db.prepare("SELECT count(*) AS n FROM a").get()?.["n"], 2);
});

Deno.test("data_version moves when another connection commits, and not when this one does", () => {
  using folder = new Folder();
  const { db, path } = folder;
  using second = openDatabase(`${path}/ours.db`, { readOnly: true });
  const version = () => second.prepare("PRAGMA data_version").get()?.["data_version"];
  const before = version();
  equal(version(), before);
  db.exec("INSERT INTO a VALUES (1)");
  ok(version() !== before);
  const own = db.prepare("PRAGMA data_version").get()?.["data_version"];
  db.exec("INSERT INTO a VALUES (2)");
  equal(db.prepare("PRAGMA data_version").get()?.["data_version"], own);
});

Deno.test("transaction() commits what it gives back, and rolls back when it throws", () => {
  using folder = new Folder();
  const { db } = folder;
  const insert = db.prepare("INSERT INTO a VALUES (:x)");
  const count = () => db.prepare("SELECT count(*) AS n FROM a").get()?.["n"];
  equal(
    db.transaction(() => {
      ok(db.inTransaction);
      return insert.run({ x: 1 }).changes;
    }),
    1,
  );
  ok(!db.inTransaction);
  const reason = new Error("no");
  throws(() =>
    db.transaction(() => {
      insert.run({ x: 2 });
      throw reason;
    }), (error) => error === reason);
  ok(!db.inTransaction);
  equal(count(), 1);
  throws(() => db.transaction(() => db.transaction(() => insert.run({ x: 3 }))), {
    resultCode: SQLITE.ERROR,
  });
  ok(!db.inTransaction, "one within another is refused, and both are undone");
  equal(count(), 1);
});

Deno.test("transaction() rolls back and tells BUSY when COMMIT fails", () => {
  using folder = new Folder();
  const { db, path } = folder;
  using reader = openDatabase(`${path}/ours.db`);
  reader.exec("BEGIN");
  reader.prepare("SELECT * FROM a").all();
  throws(() => db.transaction(() => db.exec("INSERT INTO a VALUES (1)")), { resultCode: SQLITE.BUSY });
  ok(!db.inTransaction);
  reader.exec("COMMIT");
  equal(db.transaction(() => db.prepare("INSERT INTO a VALUES (2)").run().changes), 1);
  deepEqual(db.prepare("SELECT x FROM a").all().map(({ x }) => x), [2]);
});
