/** Pages to rows, on pages that SQLite wrote and that are made by hand. */
import type { ChangedRows } from "../../src/model/changed_rows.ts";
import assert from "node:assert/strict";
import { openDatabase } from "../../src/sqlite/sqlite.ts";
import { bothChanged, RowCollector } from "../../src/watch/changed_rows.ts";
import { joinedRanges } from "../../src/watch/row_ranges.ts";
import { NO_ROWS } from "../../src/watch/row_set.ts";
import { readTableLeaf } from "../../src/watch/table_leaf.ts";
import { WalFollower } from "../../src/watch/wal_follower.ts";

/** What the follower says of `changes`, made to a table `t (id, content, number)` that `setup` filled. */
function changedBy(setup: string, changes: string, pragmas = ""): ChangedRows {
  const folder = Deno.makeTempDirSync({ prefix: "chatstats-wal-" });
  const db = openDatabase(`${folder}/source.db`);
  try {
    db.exec(`${pragmas}; PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0`);
    db.exec(`CREATE TABLE t (id INTEGER PRIMARY KEY, content BLOB, number INTEGER); ${setup}`);
    const follower = new WalFollower(`${folder}/source.db`);
    follower.accept(follower.read());
    db.exec(`BEGIN; ${changes}; COMMIT`);
    const { changed, gap } = follower.read();
    assert.equal(gap, false);
    return changed;
  } finally {
    db.close();
    Deno.removeSync(folder, { recursive: true });
  }
}

const NARROW = { middle: NO_ROWS, wide: NO_ROWS };

const numbers = (count: number): string =>
  `WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ${count})`;
const fill = (count: number, bytes: number): string =>
  `${numbers(count)} INSERT INTO t SELECT i, zeroblob(${bytes}), 0 FROM n`;

Deno.test("readTableLeaf() gives row ids of every length of varint, below zero too", () => {
  const ids = [
    -(2 ** 53) + 1,
    -(2 ** 40),
    -1,
    0,
    1,
    127,
    128,
    2 ** 14,
    2 ** 28,
    2 ** 35,
    2 ** 49,
    2 ** 53 - 1,
  ];
  const values = ids.map((id) => `(${id}, NULL, 0)`).join(", ");
  assert.deepEqual(changedBy("", `INSERT INTO t VALUES ${values}`).rowids, ids);
});

Deno.test("result() asks to look back when a row id is one that JavaScript can't count", () => {
  for (const id of ["9007199254740993", "9223372036854775807", "-9223372036854775808"]) {
    assert.equal(changedBy("", `INSERT INTO t VALUES (${id}, NULL, 0)`).lookBack, true, id);
  }
});

Deno.test("result() gives the rows of sqlite_schema when page 1 was written", () => {
  assert.deepEqual(changedBy("", "CREATE TABLE other (id INTEGER PRIMARY KEY)"), {
    rowids: [1, 2],
    ranges: [{ first: 1, last: 2 }],
    ...NARROW,
    // The new table's root.
    emptied: [3],
    lookBack: false,
  });
});

Deno.test("result() spans what is left of a leaf when rows at its edges were deleted", () => {
  const { ranges, rowids } = changedBy(fill(20, 10), "DELETE FROM t WHERE id IN (1, 7, 20)");
  assert.deepEqual(ranges, [{ first: 2, last: 19 }]);
  assert.equal(rowids.includes(7), false);
});

Deno.test("result() names the root when a table lost all its rows", () => {
  for (const rows of [5, 5_000]) {
    assert.deepEqual(changedBy(fill(rows, 100), "DELETE FROM t").emptied, [2], `${rows} rows`);
  }
});

Deno.test("result() needs no look-back when rows with overflow pages come, grow and go", () => {
  const setup = fill(9, 20_000);
  for (
    const change of [
      "INSERT INTO t VALUES (50, zeroblob(30000), 0)",
      "UPDATE t SET content = zeroblob(50000) WHERE id = 4",
      "UPDATE t SET content = NULL WHERE id = 4",
      "DELETE FROM t WHERE id = 4",
    ]
  ) assert.equal(changedBy(setup, change).lookBack, false, change);
});

Deno.test("result() asks to look back when only an overflow page was written", () => {
  const setup = `${fill(3, 20_000)}; UPDATE t SET number = 1000`;
  const { rowids, lookBack } = changedBy(setup, "UPDATE t SET number = 2000 WHERE id = 2");
  assert.deepEqual([rowids, lookBack], [[], true]);
});

Deno.test("result() needs no look-back for pointer maps when page 1 says that there are some", () => {
  const { rowids, lookBack } = changedBy("", fill(2_000, 100), "PRAGMA auto_vacuum = 1");
  assert.equal(rowids.at(-1), 2_000);
  assert.equal(lookBack, false);
});

Deno.test("result() asks to look back when a page only looks like a leaf", () => {
  const damages: readonly ((page: Uint8Array) => void)[] = [
    // More cells than the page has room for.
    (page) => page.set([0xff, 0xff], 3),
    // A cell within the pointers.
    (page) => page.set([0, 9], 8),
    // A cell at the page's end.
    (page) => page.set([0x01, 0xfe], 8),
    // The second cell is the first one again: row ids must grow.
    (page) => page.copyWithin(10, 8, 10),
    // A payload longer than the page whose overflow pointer would stand behind its end.
    (page) => page.set([0x81, 0x7f, 1], 500),
  ];
  for (const [i, damage] of [(): void => {}, ...damages].entries()) {
    const page = leafOfTwo();
    damage(page);
    const collector = new RowCollector();
    collector.add({ number: 5, bytes: page });
    const { rowids, lookBack } = collector.result();
    assert.deepEqual([rowids, lookBack], i === 0 ? [[1, 2], false] : [[], true], `damage ${i}`);
  }
});

Deno.test("result() asks to look back for a page where a pointer map could be when there are none", () => {
  const collector = new RowCollector();
  collector.add({ number: 2, bytes: new Uint8Array(512) });
  assert.equal(collector.result().lookBack, true);
});

/** 512 bytes; the cell of the first row stands at 500, that of the next at 480. */
function leafOfTwo(first = 1): Uint8Array {
  const page = new Uint8Array(512);
  page.set([0x0d, 0, 0, 0, 2, 1, 0xe0, 0, 0x01, 0xf4, 0x01, 0xe0]);
  page.set([2, first, 2, 0], 500);
  page.set([2, first + 1, 2, 0], 480);
  return page;
}

Deno.test("readTableLeaf() leaves the reserved bytes alone when it looks for the overflow page", () => {
  const page = leafOfTwo();
  // 2,000 bytes of payload: with 480 usable ones (480 - 12) * 32 / 255 - 23 = 35 at least, 35 + (1965 % 476) = 96 stand here.
  page.set([0x8f, 0x50, 3], 300);
  page.set([0x01, 0x2c], 8);
  page.set([0, 0, 0, 99], 303 + 96);
  page.set([2, 4, 2, 0], 460);
  page.set([0x01, 0xcc], 10);
  assert.deepEqual(readTableLeaf(page, 0, 480), { rowids: [3, 4], overflow: [99] });
});

Deno.test("result() gives each row once and in order when pages come again and again", () => {
  const collector = new RowCollector();
  const later = new RowCollector();
  collector.add({ number: 4, bytes: leafOfTwo(50) });
  later.add({ number: 6, bytes: leafOfTwo(90) });
  // Often enough that each puts together what it has, and then goes on.
  for (let i = 0; i < 40_000; i++) {
    collector.add({ number: 5, bytes: leafOfTwo() });
    later.add({ number: 5, bytes: leafOfTwo() });
  }
  collector.addAll(later);
  collector.add({ number: 7, bytes: leafOfTwo(70) });
  assert.deepEqual(collector.result(), {
    rowids: [1, 2, 50, 51, 70, 71, 90, 91],
    ranges: [1, 50, 70, 90].map((first) => ({ first, last: first + 1 })),
    ...NARROW,
    emptied: [],
    lookBack: false,
  });
});

Deno.test("addAll() keeps what only the pages of one collector say", () => {
  const plain = { number: 5, bytes: leafOfTwo() };
  const telling = [
    { number: 9, bytes: new Uint8Array(512) },
    { number: 9, bytes: leafOfTwo().fill(0xff, 3, 5) },
  ];
  for (const page of telling) {
    const collector = new RowCollector();
    const other = new RowCollector();
    collector.add(plain);
    other.add(page);
    collector.addAll(other);
    assert.equal(collector.result().lookBack, true);
  }
});

Deno.test("joinedRanges() joins what touches or overlaps and nothing else", () => {
  const of = (...pairs: readonly (readonly [number, number])[]) =>
    pairs.map(([first, last]) => ({ first, last }));
  assert.deepEqual(
    joinedRanges(of([10, 20], [1, 5], [6, 7], [15, 17], [22, 30], [-3, -1])),
    of([-3, -1], [1, 7], [10, 20], [22, 30]),
  );
  assert.deepEqual(joinedRanges([]), []);
});

Deno.test("bothChanged() gives what either says, each row once", () => {
  const wide = { rowids: [4], ranges: [{ first: 4, last: 4 }] };
  const a = {
    rowids: [1, 4],
    ranges: [{ first: 1, last: 4 }],
    middle: NO_ROWS,
    wide,
    emptied: [7],
    lookBack: false,
  };
  const b = { rowids: [2, 4], ranges: [{ first: 2, last: 9 }], ...NARROW, emptied: [7, 8], lookBack: true };
  assert.deepEqual(bothChanged(a, b), {
    rowids: [1, 2, 4],
    ranges: [{ first: 1, last: 9 }],
    middle: NO_ROWS,
    wide,
    emptied: [7, 8],
    lookBack: true,
  });
});

Deno.test("result() tells rows apart by how many columns their records have", () => {
  const table = (columns: number) => Array.from({ length: columns - 1 }, (_, i) => `c${i} TEXT`).join(", ");
  const { middle, wide } = changedBy(
    `CREATE TABLE nine (id INTEGER PRIMARY KEY, ${table(9)}); CREATE TABLE ten (id INTEGER PRIMARY KEY, ${
      table(10)
    });
     CREATE TABLE fortynine (id INTEGER PRIMARY KEY, ${
      table(49)
    }); CREATE TABLE fifty (id INTEGER PRIMARY KEY, ${table(50)})`,
    `INSERT INTO nine (id, c0) VALUES (9, zeroblob(9000)); INSERT INTO ten (id, c8) VALUES (10, zeroblob(9000));
     INSERT INTO fortynine (id) VALUES (49); INSERT INTO fifty (id, c3) VALUES (50, zeroblob(9000))`,
  );
  assert.deepEqual(middle.rowids, [10, 49]);
  assert.deepEqual(wide, { rowids: [50], ranges: [{ first: 50, last: 50 }] });
});

Deno.test("result() takes a row for any when its record's header goes on another page", () => {
  const columns = Array.from({ length: 300 }, (_, i) => `c${i} TEXT`).join(", ");
  const { middle, wide } = changedBy(
    `CREATE TABLE many (id INTEGER PRIMARY KEY, ${columns})`,
    "INSERT INTO many (id, c0) VALUES (7, zeroblob(9000))",
    "PRAGMA page_size = 512",
  );
  assert.deepEqual([middle.rowids, wide.rowids], [[7], [7]]);
});
