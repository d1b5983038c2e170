/** Our WAL stays bounded, also when a reader holds a snapshot long. */
import { equal, ok } from "node:assert/strict";
import { openDatabase } from "../../src/sqlite/sqlite.ts";
import { tidyWal } from "../../src/store/tidy_wal.ts";
import { Store } from "./support/store.ts";

const LIMIT = 16 * 1024 * 1024;
const walBytes = (store: Store) => Deno.statSync(`${store.path}-wal`).size;

/** About 2 MiB of new pages in one commit. */
function commit(store: Store): void {
  store.db.prepare("INSERT INTO live_sync_state (key, value) VALUES (:key, hex(zeroblob(1048576)))")
    .run({ key: crypto.randomUUID() });
}

/** A reader that has a snapshot from before the WAL grows; a checkpoint can't take the WAL back while it has. */
function grownUnderReader(store: Store) {
  const reader = openDatabase(store.path, { readOnly: true });
  reader.exec("BEGIN");
  reader.prepare("SELECT count(*) FROM chats").get();
  while (walBytes(store) <= 20 * 1024 * 1024) commit(store);
  return reader;
}

Deno.test("commits go on without an error while a reader holds a snapshot, and the WAL is cut back once it is gone", () => {
  using store = new Store();
  {
    using _reader = grownUnderReader(store);
    commit(store);
    ok(walBytes(store) > LIMIT);
  }
  // The first commit afterwards lets the checkpoint through, the second begins the WAL anew.
  commit(store);
  commit(store);
  ok(walBytes(store) <= LIMIT, `${walBytes(store)}`);
});

Deno.test("tidyWal() cuts a large WAL back when no commit comes, gives way to a reader, and leaves a small one alone", () => {
  using store = new Store();
  {
    using reader = grownUnderReader(store);
    const before = walBytes(store);
    equal(tidyWal(store.db, LIMIT), false);
    ok(walBytes(store) >= before);
    equal(Object.values(reader.prepare("SELECT count(*) FROM live_sync_state").get() ?? {})[0], 1);
  }
  equal(tidyWal(store.db, 64 * 1024 * 1024), true);
  ok(walBytes(store) > LIMIT);
  equal(tidyWal(store.db, LIMIT), true);
  equal(walBytes(store), 0);
});
