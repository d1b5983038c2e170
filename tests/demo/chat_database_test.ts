import assert from "node:assert/strict";
import { createChatDatabase, openChatDatabase, RELEASES } from "../../src/demo/chat_database.ts";
import { temporaryChatDatabase, temporaryFolder } from "./support/temporary.ts";

const COUNTS = {
  macos14: { tables: 18, indexes: 27, message: 85 },
  macos15: { tables: 19, indexes: 33, message: 95 },
};

for (const release of RELEASES) {
  Deno.test(`createChatDatabase() makes WAL, page size, tables, indexes and triggers of ${release}`, () => {
    using file = temporaryChatDatabase({ release });
    const one = (sql: string) => Object.values(file.db.prepare(sql).get() ?? {})[0];
    assert.equal(one("PRAGMA journal_mode"), "wal");
    assert.equal(one("PRAGMA page_size"), 4096);
    assert.equal(one("PRAGMA synchronous"), 2);
    const count = (type: string) =>
      one(`SELECT count(*) FROM sqlite_schema WHERE sql IS NOT NULL AND type = '${type}'`);
    assert.deepEqual(
      {
        tables: count("table"),
        indexes: count("index"),
        message: one("SELECT count(*) FROM pragma_table_info('message')"),
      },
      COUNTS[release],
    );
    assert.equal(count("trigger"), 14);
    assert.equal(one("PRAGMA integrity_check"), "ok");
  });
}

Deno.test("createChatDatabase() throws when a chat.db is there", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/chat.db`;
  createChatDatabase(path, { release: "macos15" }).close();
  assert.throws(() => createChatDatabase(path, { release: "macos15" }), { code: "chat_db_exists" });
});

Deno.test("openChatDatabase() keeps what is there and sets synchronous NORMAL when asked", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/chat.db`;
  using first = createChatDatabase(path, { release: "macos14" });
  first.exec("INSERT INTO handle (id, service) VALUES ('+12125550187', 'SMS')");
  using second = openChatDatabase(path, { release: "macos15", synchronous: "normal" });
  assert.equal(second.prepare("SELECT count(*) AS n FROM handle").get()?.["n"], 1);
  assert.equal(second.prepare("PRAGMA synchronous").get()?.["synchronous"], 1);
});
