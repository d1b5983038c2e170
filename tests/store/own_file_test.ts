/** Our files are taken away or replaced while they are open. */
import { equal, ok, throws } from "node:assert/strict";
import { FatalError, LiveSyncError } from "../../src/model/errors.ts";
import { OwnFile } from "../../src/store/own_file.ts";
import { Store } from "./support/store.ts";

function gone(path: string, words: RegExp): (error: unknown) => boolean {
  return (error) => {
    ok(error instanceof FatalError, String(error));
    equal(error.code, "database_gone");
    ok(error.message.includes(path));
    ok(words.test(`${error.message} ${error.hint}`), `${error.message} ${error.hint}`);
    return true;
  };
}

Deno.test("check() is content while the files stay, also through checkpoints and other connections", () => {
  using store = new Store();
  const own = new OwnFile(store.path);
  own.check();
  store.db.exec("INSERT INTO chats (chat_identifier, is_group) VALUES ('x', 0)");
  store.rows("PRAGMA main.wal_checkpoint(TRUNCATE)");
  own.check();
  ok(own.mayClose);
});

Deno.test("check() throws when the database is deleted, moved away, or another file stands there", () => {
  for (const replaced of [false, true]) {
    using store = new Store();
    const own = new OwnFile(store.path);
    Deno.renameSync(store.path, `${store.path}.away`);
    if (replaced) Deno.writeTextFileSync(store.path, "");
    throws(() => own.check(), gone(store.path, replaced ? /replaced.*new one is opened/ : /taken away/));
    ok(!own.mayClose);
    if (replaced) Deno.removeSync(store.path);
    Deno.renameSync(`${store.path}.away`, store.path);
    own.check();
  }
});

Deno.test("check() throws when the folder is thrown away", () => {
  const folder = Deno.makeTempDirSync({ prefix: "chatstats-own-" });
  Deno.writeTextFileSync(`${folder}/a.db`, "");
  const own = new OwnFile(`${folder}/a.db`);
  Deno.removeSync(folder, { recursive: true });
  throws(() => own.check(), gone(folder, /taken away/));
  Deno.writeTextFileSync(folder, "a file in its place");
  throws(() => own.check(), gone(folder, /taken away/));
  Deno.removeSync(folder);
});

Deno.test("check() throws when the WAL or the -shm is deleted or replaced; closing is right only where it saves commits", () => {
  for (const side of ["-wal", "-shm"]) {
    using store = new Store();
    const own = new OwnFile(store.path);
    const file = store.path + side;
    Deno.renameSync(file, `${file}.away`);
    throws(() => own.check(), gone(store.path, /replaced/));
    ok(own.mayClose);
    Deno.writeTextFileSync(file, "");
    throws(() => own.check(), gone(store.path, /replaced/));
    ok(!own.mayClose);
    Deno.renameSync(`${file}.away`, file);
    own.check();
  }
});

Deno.test("check() does not take a WAL for replaced that was not made yet when the database was opened", () => {
  const seen = new Map([["/a.db", "1:1"]]);
  const own = new OwnFile("/a.db", (path) => seen.get(path) ?? null);
  seen.set("/a.db-wal", "1:2");
  own.check();
  ok(own.mayClose);
});

Deno.test("check() throws what may pass, and closing is put off, when the system does not let us see", () => {
  let refused = false;
  const own = new OwnFile("/a.db", () => {
    if (refused) throw new Deno.errors.PermissionDenied("no");
    return "1:1";
  });
  refused = true;
  throws(() => own.check(), (error) => {
    ok(error instanceof LiveSyncError && !(error instanceof FatalError));
    equal(error.code, "database_unreachable");
    return true;
  });
  ok(!own.mayClose);
  refused = false;
  own.check();
  ok(own.mayClose);
});
