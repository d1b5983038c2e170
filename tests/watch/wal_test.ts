/** Frames out of bytes: SQLite's own files in fixtures/wal, whole, cut and damaged. */
import assert from "node:assert/strict";
import { openDatabase } from "../../src/sqlite/sqlite.ts";
import { PLAIN_LAYOUT } from "../../src/watch/changed_rows.ts";
import {
  firstCursor,
  frameBytes,
  isFrameBefore,
  offsetOf,
  readWalHeader,
  validFrames,
  type WalHeader,
} from "../../src/watch/wal.ts";
import { cursorFromText, cursorToText } from "../../src/watch/wal_cursor.ts";
import { bufferBytes, readTransactions, type Transactions } from "../../src/watch/wal_transactions.ts";
import { rewrittenWal } from "./support/rewritten_wal.ts";

const FIXTURES = new URL("../../fixtures/wal/", import.meta.url);
const CASES = ["three_commits", "big_endian", "stale_behind", "rolled_back_behind"];

function fixture(name: string): Uint8Array {
  return Deno.readFileSync(new URL(`${name}/wal.bin`, FIXTURES));
}

function headerOf(wal: Uint8Array): WalHeader {
  const header = readWalHeader(wal);
  assert.ok(header !== null);
  return header;
}

/** Reads as the program does, but from memory. */
function transactions(wal: Uint8Array): Transactions {
  const header = headerOf(wal);
  const read = (offset: number, into: Uint8Array): Uint8Array => {
    const bytes = wal.subarray(offset, offset + into.length);
    into.set(bytes);
    return into.subarray(0, bytes.length);
  };
  const buffer = new Uint8Array(bufferBytes(frameBytes(header)));
  return readTransactions(read, firstCursor(header), buffer, PLAIN_LAYOUT);
}

for (const name of CASES) {
  Deno.test(`readTransactions() gives SQLite's frames and rows when the file is ${name}`, () => {
    const expected: unknown = JSON.parse(Deno.readTextFileSync(new URL(`${name}/expected.json`, FIXTURES)));
    const { frames, all } = transactions(fixture(name));
    assert.deepEqual({ frames, rowids: all.rowids }, expected);
    // Fixtures must hold what their names say.
    const behind = fixture(name).length > offsetOf(transactions(fixture(name)).end);
    assert.equal(behind, name.endsWith("_behind"));
  });
}

Deno.test("readTransactions() leaves out the last frame when the file ends anywhere within it", () => {
  const wal = fixture("three_commits");
  const whole = transactions(wal);
  const begins = wal.length - frameBytes(headerOf(wal));
  for (let length = begins; length < wal.length; length++) {
    const cut = transactions(wal.slice(0, length));
    assert.equal(cut.frames, whole.frames - 1, `cut at ${length}`);
    assert.equal(cut.endsCleanly, length === begins, `cut at ${length}`);
  }
});

Deno.test("readTransactions() ends before a frame when any bit of its header is wrong", () => {
  const wal = fixture("three_commits");
  const second = offsetOf({ ...firstCursor(headerOf(wal)), frames: 1 });
  for (let bit = 0; bit < 24 * 8; bit++) {
    const damaged = wal.slice();
    damaged[second + (bit >> 3)] = (damaged[second + (bit >> 3)] ?? 0) ^ (1 << (bit & 7));
    assert.equal(transactions(damaged).frames, 1, `bit ${bit}`);
  }
});

Deno.test("readTransactions() ends before a frame when a bit of its page is wrong", () => {
  const wal = fixture("three_commits");
  const second = offsetOf({ ...firstCursor(headerOf(wal)), frames: 1 });
  for (let bit = 0; bit < 512 * 8; bit += 7) {
    const damaged = wal.slice();
    const at = second + 24 + (bit >> 3);
    damaged[at] = (damaged[at] ?? 0) ^ (1 << (bit & 7));
    assert.equal(transactions(damaged).frames, 1, `bit ${bit}`);
  }
});

Deno.test("readWalHeader() gives nothing when any bit of the header is wrong or it is cut", () => {
  const wal = fixture("three_commits");
  for (let bit = 0; bit < 32 * 8; bit++) {
    const damaged = wal.slice();
    damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    assert.equal(readWalHeader(damaged), null, `bit ${bit}`);
  }
  for (let length = 0; length < 32; length++) assert.equal(readWalHeader(wal.slice(0, length)), null);
});

Deno.test("validFrames() gives the same when the bytes are not aligned for words", () => {
  const wal = fixture("three_commits");
  const shifted = new Uint8Array(wal.length + 1);
  shifted.set(wal, 1);
  const cursor = firstCursor(headerOf(wal));
  const aligned = validFrames(cursor, wal.slice(32));
  assert.deepEqual(validFrames(cursor, shifted.subarray(33)).cursor, aligned.cursor);
  assert.equal(aligned.frames.length, 3);
});

Deno.test("isFrameBefore() knows the frame that a cursor stands behind, and no other", () => {
  const wal = fixture("three_commits");
  const { end } = transactions(wal);
  const size = frameBytes(end.header);
  const at = offsetOf(end) - size;
  assert.equal(isFrameBefore(end, wal.slice(at, at + 24)), true);
  assert.equal(isFrameBefore(end, wal.slice(at - size, at - size + 24)), false);
  assert.equal(isFrameBefore(end, wal.slice(at, at + 23)), false);
});

Deno.test("rewrittenWal() makes what SQLite itself takes when the byte order is the other one", () => {
  const folder = Deno.makeTempDirSync({ prefix: "chatstats-wal-" });
  try {
    const make = openDatabase(`${folder}/a.db`);
    make.exec("PRAGMA journal_mode = WAL; CREATE TABLE t (id INTEGER PRIMARY KEY)");
    make.close();
    // Copied while nobody has it open.
    Deno.copyFileSync(`${folder}/a.db`, `${folder}/b.db`);
    const db = openDatabase(`${folder}/a.db`);
    for (const id of [4, 5, 6]) db.prepare("INSERT INTO t VALUES (:id)").run({ id });
    const wal = rewrittenWal(Deno.readFileSync(`${folder}/a.db-wal`), true);
    db.close();
    Deno.writeFileSync(`${folder}/b.db-wal`, wal);
    const { frames, all } = transactions(wal);
    using other = openDatabase(`${folder}/b.db`);
    assert.deepEqual(other.prepare("SELECT id FROM t").all().map(({ id }) => id), [4, 5, 6]);
    assert.equal(other.prepare("PRAGMA wal_checkpoint(PASSIVE)").get()?.["log"], frames);
    assert.deepEqual(all.rowids, [4, 5, 6]);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("cursorFromText() gives back what cursorToText() wrote, and null for anything else", () => {
  const { end } = transactions(fixture("big_endian"));
  assert.deepEqual(cursorFromText(cursorToText(end)), end);
  for (const text of ["", "null", "[]", "[1,2,3]", cursorToText(end).replace(",", ",-"), "{}"]) {
    assert.equal(cursorFromText(text), null, text);
  }
});
