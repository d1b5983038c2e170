/** What may happen to a {@link WalWorld}, as plain data, so that a failing sequence can be made smaller. */
import fc from "fast-check";
import type { SqlParams } from "../../../src/sqlite/sqlite.ts";
import type { Place, WalWorld } from "./wal_world.ts";

export type Happening =
  | { readonly kind: "insert" | "delete"; readonly place: Place; readonly rows: Rows }
  /** `inPlace`: the new content is as long as the old. */
  | { readonly kind: "update"; readonly place: Place; readonly rows: Rows; readonly inPlace: boolean }
  | { readonly kind: "clear"; readonly place: Place }
  | { readonly kind: "key"; readonly rows: Rows }
  | { readonly kind: "checkpoint"; readonly mode: "PASSIVE" | "FULL" | "RESTART" | "TRUNCATE" }
  | { readonly kind: Bare }
  | { readonly kind: "read"; readonly accept: boolean }
  | { readonly kind: "readAhead" };

type Bare =
  | "begin"
  | "commit"
  | "rollback"
  | "savepoint"
  | "rollbackTo"
  | "vacuum"
  | "incrementalVacuum"
  | "hold"
  | "release";

interface Rows {
  readonly from: number;
  readonly count: number;
  readonly step: number;
  /** Bytes of content, in quarters of a page. */
  readonly quarters: number;
  readonly byte: number;
}

const BARE: readonly Bare[] = [
  ...["begin", "begin", "commit", "commit", "rollback", "savepoint", "rollbackTo"] as const,
  ...["vacuum", "incrementalVacuum", "hold", "release"] as const,
];
/** In place of the trigger SQLite takes the short way of emptying a table: it frees the pages unseen. */
const CLEAR = {
  one: `INSERT INTO happened SELECT 'one', id FROM one; DROP TRIGGER one_deleted; DELETE FROM one;
    CREATE TEMP TRIGGER one_deleted AFTER DELETE ON main.one BEGIN INSERT INTO happened VALUES ('one', OLD.id); END;`,
  two: `INSERT INTO happened SELECT 'two', id FROM two; DROP TRIGGER two_deleted; DELETE FROM two;
    CREATE TEMP TRIGGER two_deleted AFTER DELETE ON main.two BEGIN INSERT INTO happened VALUES ('two', OLD.id); END;`,
};
const NUMBERS = "WITH RECURSIVE n(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count)";

/** `most`: longest content, in quarters of a page. */
export function happening(most: number): fc.Arbitrary<Happening> {
  const place = fc.constantFrom<Place>("one", "two");
  const rows = fc.record({
    from: fc.oneof(fc.integer({ min: -200, max: 2_000 }), fc.constant(-(2 ** 40)), fc.constant(2 ** 50)),
    count: fc.integer({ min: 1, max: 80 }),
    step: fc.constantFrom(1, 1, 1, 7),
    quarters: fc.integer({ min: 0, max: most }),
    byte: fc.integer({ min: 0, max: 255 }),
  });
  return fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant("insert" as const), place, rows }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("delete" as const), place, rows }) },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant("update" as const), place, rows, inPlace: fc.boolean() }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("clear" as const), place }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("key" as const), rows }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("checkpoint" as const),
        mode: fc.constantFrom("PASSIVE", "FULL", "RESTART", "TRUNCATE"),
      }),
    },
    { weight: 5, arbitrary: fc.record({ kind: fc.constantFrom(...BARE) }) },
    { weight: 6, arbitrary: fc.record({ kind: fc.constant("read" as const), accept: fc.boolean() }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("readAhead" as const) }) },
  );
}

/** Does it, or nothing where it is not possible now. */
export function happen(
  world: WalWorld,
  pageSize: number,
  what: Exclude<Happening, { kind: "read" | "readAhead" }>,
): void {
  const { writer } = world;
  const run = (sql: string, params: SqlParams): void => void writer.prepare(sql).run(params);
  switch (what.kind) {
    case "insert":
      run(
        `${NUMBERS} INSERT OR IGNORE INTO ${what.place} (id, content, label)
         SELECT :from + i * :step, filled(:size, :byte), 'label ' || (i * 7919 % 100) FROM n`,
        sized(what.rows, pageSize),
      );
      break;
    case "delete": {
      const { from, count, step } = what.rows;
      run(`DELETE FROM ${what.place} WHERE id BETWEEN :from AND :to`, { from, to: from + count * step * 2 });
      break;
    }
    case "update": {
      const { size, byte } = sized(what.rows, pageSize);
      const { from, count, step } = what.rows;
      run(
        `UPDATE ${what.place} SET content = filled(CASE WHEN :inPlace THEN length(content) ELSE :size END, :byte)
         WHERE id BETWEEN :from AND :to`,
        { from, to: from + count * step, byte: byte ?? 0, size: size ?? 0, inPlace: what.inPlace ? 1 : 0 },
      );
      break;
    }
    case "clear":
      writer.exec(CLEAR[what.place]);
      break;
    case "key":
      run(
        `${NUMBERS} INSERT OR REPLACE INTO keyed SELECT 'key ' || (:from + i * :step), filled(:size, :byte) FROM n`,
        sized(what.rows, pageSize),
      );
      break;
    case "checkpoint":
      if (writer.inTransaction) return;
      world.checkpointed = true;
      writer.exec(`PRAGMA wal_checkpoint(${what.mode})`);
      break;
    default:
      happenBare(world, what.kind);
  }
  world.noted();
}

function sized({ from, count, step, quarters, byte }: Rows, pageSize: number): SqlParams {
  return { from, count, step, byte, size: quarters < 1 ? byte % 40 : Math.trunc(quarters * pageSize / 4) };
}

function happenBare(world: WalWorld, kind: Bare): void {
  const { writer } = world;
  const open = writer.inTransaction;
  if (kind === "begin" && !open) writer.exec("BEGIN");
  else if (kind === "commit" && open) writer.exec("COMMIT");
  else if (kind === "rollback" && open) writer.exec("ROLLBACK");
  else if (kind === "savepoint" && open) writer.exec("SAVEPOINT here");
  else if (kind === "rollbackTo" && open) rollBackTo(world);
  else if (kind === "vacuum" && !open) writer.exec("VACUUM");
  else if (kind === "incrementalVacuum") writer.exec("PRAGMA incremental_vacuum(3)");
  else if (kind === "hold") world.hold();
  else if (kind === "release") world.release();
}

function rollBackTo(world: WalWorld): void {
  try {
    world.writer.exec("ROLLBACK TO here");
  } catch (error) {
    // There was none in this transaction.
    if (!(error instanceof Error && error.message.includes("no such savepoint"))) throw error;
  }
}
