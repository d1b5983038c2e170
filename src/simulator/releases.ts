/**
 * What chat.db looks like under each macOS release, as a ladder: each release adds to the one before, as Messages itself
 * does at its first start after an upgrade.
 *
 * A file that macOS 13 or later makes afresh declares its four big tables anew; one that has been upgraded since before
 * 10.13 keeps their old declarations and has every later column at the end.
 */
import type { Connection } from "../sqlite/sqlite.ts";
import columns10_13 from "./schema/columns/macos10_13.sql" with { type: "text" };
import columns11 from "./schema/columns/macos11.sql" with { type: "text" };
import columns13 from "./schema/columns/macos13.sql" with { type: "text" };
import columns14 from "./schema/columns/macos14.sql" with { type: "text" };
import columns15 from "./schema/columns/macos15.sql" with { type: "text" };
import columns26 from "./schema/columns/macos26.sql" with { type: "text" };
import rest10_13 from "./schema/macos10_13.sql" with { type: "text" };
import rest11 from "./schema/macos11.sql" with { type: "text" };
import rest13 from "./schema/macos13.sql" with { type: "text" };
import rest15 from "./schema/macos15.sql" with { type: "text" };
import rest26 from "./schema/macos26.sql" with { type: "text" };
import tablesBefore10_13 from "./schema/tables_before_macos10_13.sql" with { type: "text" };
import tables13 from "./schema/tables_macos13.sql" with { type: "text" };

export const RELEASES = ["macos10_13", "macos11", "macos13", "macos14", "macos15", "macos26"] as const;
export type Release = typeof RELEASES[number];

/** `upgraded`: the file was made before macOS 10.13 and every release since then has added to it. */
export type Origin = "fresh" | "upgraded";

interface Rung {
  /** ALTER TABLE … ADD COLUMN, one a line. */
  readonly columns: string;
  /** Tables, indexes and triggers. */
  readonly rest: string;
  /** A column of `message` or `chat` that no earlier release has. */
  readonly mark: readonly [table: "message" | "chat", column: string];
}

const LADDER: Readonly<Record<Release, Rung>> = {
  macos10_13: { columns: columns10_13, rest: rest10_13, mark: ["message", "ck_record_id"] },
  macos11: { columns: columns11, rest: rest11, mark: ["message", "thread_originator_guid"] },
  macos13: { columns: columns13, rest: rest13, mark: ["message", "date_edited"] },
  macos14: { columns: columns14, rest: "", mark: ["chat", "is_recovered"] },
  macos15: { columns: columns15, rest: rest15, mark: ["message", "schedule_type"] },
  macos26: { columns: columns26, rest: rest26, mark: ["message", "index_state"] },
};

export function isAtLeast(release: Release, other: Release): boolean {
  return RELEASES.indexOf(release) >= RELEASES.indexOf(other);
}

/** Statements that make an empty file of `release`. */
export function schemaOf(release: Release, origin: Origin): string {
  const upTo = RELEASES.filter((each) => isAtLeast(release, each));
  if (origin === "upgraded") return [tablesBefore10_13, ...upTo.map(upgradeStep)].join("\n");
  // Where 13 or later declares the tables anew, the columns up to 13 are in them.
  const declaredAnew = isAtLeast(release, "macos13");
  return [
    declaredAnew ? tables13 : tablesBefore10_13,
    ...upTo.flatMap((each) => [
      declaredAnew && isAtLeast("macos13", each) ? "" : LADDER[each].columns,
      LADDER[each].rest,
    ]),
  ].join("\n");
}

/** Statements that take a file of `from` to `to`, its rows as they are. */
export function upgradeOf(from: Release, to: Release): string {
  return RELEASES.filter((each) => isAtLeast(to, each) && !isAtLeast(from, each)).map(upgradeStep).join("\n");
}

/** Columns come in another order than in a fresh file; each line of `columns` is a statement or a comment. */
function upgradeStep(release: Release): string {
  const { columns, rest } = LADDER[release];
  return [...columns.split("\n").toReversed(), rest].join("\n");
}

/** The release that last changed the file, as its columns tell. */
export function releaseOf(db: Connection): Release {
  const has = db.prepare("SELECT 1 FROM pragma_table_info(:table) WHERE name = :column");
  const found = RELEASES.findLast((each) => {
    const [table, column] = LADDER[each].mark;
    return has.get({ table, column }) !== undefined;
  });
  return found ?? "macos10_13";
}
