/**
 * A newer version of the program, as far as its migrations go: `upgrade_child.ts DATABASE LABEL` opens the database
 * with one migration more and ends itself with SIGKILL at the named step.
 */
import { openChatStatsDatabase } from "../../../src/store/database.ts";
import { MIGRATIONS } from "../../../src/store/migrate.ts";

const NEXT = "ALTER TABLE messages ADD COLUMN of_tomorrow TEXT; UPDATE messages SET content = NULL";

/** The arguments that start it. */
export function upgradeArgs(database: string, label: string): string[] {
  return [new URL(import.meta.url).pathname, database, label];
}

if (import.meta.main) {
  const [database = "", label] = Deno.args;
  openChatStatsDatabase(database, {
    randomUuid: () => crypto.randomUUID(),
    migrations: [...MIGRATIONS, NEXT],
    probe: (passed) => {
      if (passed === label) Deno.kill(Deno.pid, "SIGKILL");
    },
  }).close();
}
