/**
 * Run as a process: `bare_statement.ts CHAT_DB NEW_DATABASE` prints the milliseconds of one plain INSERT … SELECT
 * through ATTACH into our own `messages` table, empty, with all its indexes and its foreign keys, on a connection with
 * our own pragmas, but without our triggers. Nothing is decoded, nothing looked up but the chat.
 */
import { text } from "../../../src/sqlite/row.ts";
import { readOnlyUri } from "../../../src/sqlite/sqlite.ts";
import { openChatStatsDatabase } from "../../../src/store/database.ts";
import statement from "./bare_statement.sql" with { type: "text" };

const [messagesDb, database] = Deno.args;
if (messagesDb === undefined || database === undefined) throw new TypeError("Two paths are needed");
using db = openChatStatsDatabase(database, { randomUuid: () => crypto.randomUUID() });
const triggers = db.prepare("SELECT name FROM main.sqlite_schema WHERE type = 'trigger'").all();
for (const row of triggers) db.exec(`DROP TRIGGER main.${text(row, "name")}`);
db.prepare("ATTACH :uri AS source").run({ uri: readOnlyUri(messagesDb) });
// The rows that the foreign keys point to.
db.exec(`INSERT INTO main.contacts (id, name, name_source, data_source, last_updated)
         SELECT ROWID + 1, id, 'identifier', 'messages', 0 FROM source.handle`);
db.exec(
  `INSERT INTO main.chats (id, chat_identifier, is_group) SELECT ROWID, guid, style = 43 FROM source.chat`,
);
const bare = db.prepare(statement);
const startedAt = performance.now();
bare.run();
console.log(performance.now() - startedAt);
