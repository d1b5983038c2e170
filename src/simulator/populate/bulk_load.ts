import { text } from "../../sqlite/row.ts";
import type { Connection } from "../../sqlite/sqlite.ts";

/**
 * Goes through `load` without indexes and triggers, which are made anew afterwards, and without waiting for the disk. A
 * failure or a stop in the middle leaves the file without them: it is for files that can be thrown away.
 */
export function* withoutIndexesAndTriggers<Step, Result>(
  db: Connection,
  load: () => Generator<Step, Result>,
): Generator<Step, Result> {
  const parts = db.prepare(
    `SELECT type, name, sql FROM sqlite_schema WHERE type IN ('index', 'trigger') AND sql IS NOT NULL
      ORDER BY type, name`,
  ).all();
  const { synchronous } = db.prepare("PRAGMA synchronous").get() ?? {};
  const { cache_size: cacheSize } = db.prepare("PRAGMA cache_size").get() ?? {};
  db.exec("PRAGMA synchronous = OFF; PRAGMA cache_size = -262144; PRAGMA foreign_keys = OFF;");
  try {
    db.transaction(() => {
      for (const part of parts) db.exec(`DROP ${text(part, "type")} "${text(part, "name")}"`);
    });
    const result = yield* load();
    db.transaction(() => {
      for (const part of parts) db.exec(text(part, "sql"));
    });
    db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    return result;
  } finally {
    db.exec(
      `PRAGMA synchronous = ${Number(synchronous)}; PRAGMA cache_size = ${Number(cacheSize)};
       PRAGMA foreign_keys = ON;`,
    );
  }
}
