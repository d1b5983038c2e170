/** Functions of ours in SQL, on whichever driver is built in. */
import { deepEqual, equal, throws } from "node:assert/strict";
import { SQLITE } from "../../src/sqlite/sqlite.ts";
import { Folder } from "./support/driver_folder.ts";

Deno.test("defineFunction() hands over every kind of value, and gives back what the function gives", () => {
  using folder = new Folder();
  const { db } = folder;
  const seen: unknown[] = [];
  db.defineFunction("see", (value) => {
    seen.push(value instanceof Uint8Array ? [...value] : value);
    return value;
  });
  const sql = `SELECT see(:v) AS v, typeof(see(:v)) AS type`;
  for (const value of ["", "é😀", "\uFEFFx", "a\0b", 0.5, 2 ** 40, null]) {
    equal(db.prepare("SELECT see(:v) IS :v AS same").get({ v: value })?.["same"], 1, String(value));
    equal(seen.at(-1), value);
  }
  equal(db.prepare(sql).get({ v: "" })?.["type"], "text", "an empty text is not NULL");
  for (const blob of [[], [0, 1, 255]]) {
    equal(db.prepare(sql).get({ v: new Uint8Array(blob) })?.["type"], "blob");
    deepEqual(seen.at(-1), blob);
  }
  db.defineFunction("big", () => 2n ** 62n);
  equal(db.prepare("SELECT CAST(big() AS TEXT) AS t").get()?.["t"], String(2n ** 62n));
  db.defineFunction("pair", (a, b) => `${a}-${b}`);
  equal(db.prepare("SELECT pair(1, 'x') AS v").get()?.["v"], "1-x");
  throws(() => db.prepare("SELECT pair(1)"), /wrong number of arguments/);
  throws(() => db.exec("CREATE INDEX i ON a (pair(x, 1))"), /unsafe use|prohibited/, "no schema may call it");
});

Deno.test("a function is called once for a constant when it is deterministic, and for each row when it is not", () => {
  using folder = new Folder();
  const { db } = folder;
  const calls = { sure: 0, unsure: 0 };
  db.defineFunction("sure", () => ++calls.sure);
  db.defineFunction("unsure", () => ++calls.unsure, { deterministic: false });
  db.exec("INSERT INTO a VALUES (1), (2), (3)");
  db.prepare("SELECT x, sure() AS s, unsure() AS u FROM a").all();
  deepEqual(calls, { sure: 1, unsure: 3 });
});

Deno.test("the texts that functions gave arrive when memory is reclaimed before SQLite stores them", () => {
  using folder = new Folder();
  const { db } = folder;
  const rounds = 25;
  db.defineFunction("long", (text) => {
    // So much is thrown away that V8 collects garbage between this call and the next in the same row.
    for (let i = 0; i < 8; i++) new Uint8Array(4_000_000);
    return `${text}`.repeat(1_000);
  });
  const sql = `WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rounds})
    INSERT INTO a SELECT json_array(long('a' || i), long('b' || i), long('c' || i)) FROM n`;
  equal(db.prepare(sql).run().changes, rounds);
  const wrong = db.prepare("SELECT x FROM a").all().filter(({ x }, index) => {
    return x !== JSON.stringify(["a", "b", "c"].map((letter) => `${letter}${index + 1}`.repeat(1_000)));
  });
  equal(wrong.length, 0);
});

Deno.test("what a function throws comes through when its statement runs, and the connection goes on", () => {
  using folder = new Folder();
  const { db } = folder;
  const thrown = new TypeError("of the function");
  db.defineFunction("fail", () => {
    throw thrown;
  });
  throws(() => db.prepare("SELECT fail()").get(), (error) => error === thrown);
  throws(() => db.exec("INSERT INTO a VALUES (fail())"), (error) => error === thrown);
  throws(() => db.prepare("SELECT * FROM nowhere"), { resultCode: SQLITE.ERROR });
  equal(db.prepare("INSERT INTO a VALUES (1)").run().changes, 1);
});
