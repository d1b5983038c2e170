/**
 * Another process with a database in WAL mode, as Messages is one: `commit`, `close` (the last connection takes the
 * -wal away) and `open`, a line each on stdin, and a line with the same word when it is done.
 */
import { openDatabase } from "../../../src/sqlite/sqlite.ts";
import { TextLineStream } from "../../support/text_lines.ts";

const [path = ""] = Deno.args;

function open() {
  const db = openDatabase(path);
  db.exec("PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS t (x)");
  return db;
}

let db = open();
console.log("open");
for await (const line of Deno.stdin.readable.pipeThrough(new TextLineStream())) {
  if (line === "commit") db.exec("INSERT INTO t VALUES (1)");
  if (line === "close") db.close();
  if (line === "open") db = open();
  console.log(line);
}
db.close();
