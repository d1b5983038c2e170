/** Prints what is left when the program has given its permissions away, and whether a database can still be read. */
import { dropPermissions } from "../../../src/platform/permissions.ts";
import { DRIVER } from "../../../src/sqlite/sqlite.ts";
import { openDatabase } from "../../../src/sqlite/sqlite.ts";

using db = openDatabase(":memory:");
db.exec("CREATE TABLE t (x); INSERT INTO t VALUES (1)");
dropPermissions({ keepFfi: DRIVER.needsFfi });
const state = (name: "ffi" | "run" | "net" | "write") => Deno.permissions.querySync({ name }).state;
console.log(JSON.stringify({
  ffi: state("ffi"),
  run: state("run"),
  net: state("net"),
  write: state("write"),
  read: db.prepare("SELECT x FROM t").get()?.["x"],
}));
