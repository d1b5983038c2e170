import { deepEqual, equal } from "node:assert/strict";
import { type Holder, holderText, isPassing, parseRecord, recordText } from "../../src/platform/holder.ts";

const at = new Date(2026, 10, 22, 14, 3, 11);
const syncing: Holder = { pid: 12, doing: "sync", since: at.toISOString(), info: null };
const serving: Holder = {
  ...syncing,
  doing: "run",
  info: {
    pid: 12,
    url: "http://127.0.0.1:1",
    ws: "",
    token: "",
    feed: "",
    version: "",
    started_at: "",
    database: "",
  },
};

Deno.test("parseRecord() reads what recordText() wrote, also with the end of a longer line behind it", () => {
  const record = { pid: 12, doing: "sync", since: "2026-11-22T14:03:11.000Z" };
  deepEqual(parseRecord(recordText(record)), record);
  deepEqual(parseRecord(`${recordText(record)}03:11.000Z"}\n`), record);
});

Deno.test("parseRecord() reads the bare pid of older versions, and null where there is none", () => {
  deepEqual(parseRecord("4711\n"), { pid: 4711, doing: null, since: null });
  for (const text of ["", "12", '{"pid":12', '{"doing":"sync"}\n', "null\n", "no\n"]) {
    equal(parseRecord(text), null, text);
  }
});

Deno.test("holderText() says who it is, what it is doing and since when", () => {
  const sameDay = at.getTime() + 60_000;
  equal(holderText(syncing, sameDay), "process 12 (syncing since 14:03:11)");
  equal(holderText(syncing, at.getTime() + 48 * 3_600_000), "process 12 (syncing since 2026-11-22 14:03:11)");
  equal(holderText(serving, sameDay), "process 12 (serving http://127.0.0.1:1 since 14:03:11)");
  equal(holderText({ ...serving, info: null }, sameDay), "process 12 (starting since 14:03:11)");
  equal(holderText({ pid: null, doing: null, since: null, info: null }, sameDay), "another process (busy)");
});

Deno.test("isPassing() is true of work that ends by itself, and of nothing that is not known", () => {
  equal(isPassing(syncing), true);
  equal(isPassing({ ...syncing, doing: "contacts undo" }), true);
  equal(isPassing(serving), false);
  equal(isPassing({ ...serving, info: null }), false);
  equal(isPassing({ ...syncing, doing: null }), false);
});
