/** A second process: writes one row of a database after the other without rest, each in a commit of its own. */
import { openDatabase } from "../../../src/sqlite/sqlite.ts";

const [path = "", commits = ""] = Deno.args;
using db = openDatabase(path, { busyTimeoutMs: 5_000 });
// FULL: each commit waits for an fsync between its frames and the moment when others can see it.
db.exec("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0");
const update = db.prepare("UPDATE t SET number = number + 1 WHERE id = :id");
for (let i = 0; i < Number(commits); i++) update.run({ id: 1 + i });
