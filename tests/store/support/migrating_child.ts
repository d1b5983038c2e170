/** `migrating_child.ts DATABASE MIGRATIONS_JSON LABEL`: opens the database and ends itself with SIGKILL at the label. */
import { openChatStatsDatabase } from "../../../src/store/database.ts";

const [path = "", migrations = "[]", label = "-"] = Deno.args;
const list: unknown = JSON.parse(migrations);
if (!Array.isArray(list) || !list.every((sql) => typeof sql === "string")) throw new TypeError("migrations");
openChatStatsDatabase(path, {
  randomUuid: () => "of the child",
  migrations: list,
  probe: (passed) => {
    if (passed === label) Deno.kill(Deno.pid, "SIGKILL");
  },
}).close();
