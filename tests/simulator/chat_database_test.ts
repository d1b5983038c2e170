import assert from "node:assert/strict";
import {
  type ChatDatabaseOptions,
  createChatDatabase,
  openChatDatabase,
  type Origin,
  RELEASES,
} from "../../src/simulator/chat_database.ts";
import { releaseOf } from "../../src/simulator/releases.ts";
import { temporaryChatDatabase, temporaryFolder } from "./support/temporary.ts";

/** As in the public dumps, but for the triggers that call functions of Apple's process. */
const COUNTS = {
  macos10_13: { tables: 15, indexes: 20, triggers: 11, fresh: 67, upgraded: 67 },
  macos11: { tables: 15, indexes: 21, triggers: 11, fresh: 74, upgraded: 74 },
  macos13: { tables: 18, indexes: 27, triggers: 14, fresh: 79, upgraded: 82 },
  macos14: { tables: 18, indexes: 27, triggers: 14, fresh: 85, upgraded: 88 },
  macos15: { tables: 19, indexes: 33, triggers: 14, fresh: 92, upgraded: 95 },
  macos26: { tables: 24, indexes: 53, triggers: 20, fresh: 95, upgraded: 98 },
};
const ORIGINS = ["fresh", "upgraded"] as const;

for (const release of RELEASES) {
  for (const origin of ORIGINS) {
    Deno.test(`createChatDatabase() makes WAL, page size, tables, indexes and triggers of ${release}, ${origin}`, () => {
      using file = temporaryChatDatabase({ release, origin });
      const one = (sql: string) => Object.values(file.db.prepare(sql).get() ?? {})[0];
      assert.equal(one("PRAGMA journal_mode"), "wal");
      assert.equal(one("PRAGMA page_size"), 4096);
      assert.equal(one("PRAGMA synchronous"), 2);
      const count = (type: string) =>
        one(`SELECT count(*) FROM sqlite_schema WHERE sql IS NOT NULL AND type = '${type}'`);
      const { fresh, upgraded, ...parts } = COUNTS[release];
      assert.deepEqual(
        { tables: count("table"), indexes: count("index"), triggers: count("trigger") },
        parts,
      );
      assert.equal(
        one("SELECT count(*) FROM pragma_table_info('message')"),
        origin === "fresh" ? fresh : upgraded,
      );
      assert.equal(one("PRAGMA integrity_check"), "ok");
      assert.equal(releaseOf(file.db), release);
    });
  }
}

/** Columns of `message` in their order, with the declared type. */
function columnsOf(options: ChatDatabaseOptions): string[] {
  using file = temporaryChatDatabase({ synchronous: "normal", ...options });
  return file.db.prepare("SELECT name || ' ' || type AS declared FROM pragma_table_info('message')").all()
    .map((row) => String(row["declared"]));
}

Deno.test("createChatDatabase() keeps old columns, declarations and another order when the file is an upgraded one", () => {
  for (const release of RELEASES) {
    const names = (origin: Origin) => columnsOf({ release, origin }).map((each) => each.split(" ")[0] ?? "");
    const fresh = names("fresh");
    const upgraded = names("upgraded");
    assert.deepEqual(fresh.filter((name) => !upgraded.includes(name)), [], release);
    assert.notDeepEqual(upgraded.filter((name) => fresh.includes(name)), fresh, release);
  }
  const old = columnsOf({ release: "macos26", origin: "upgraded" });
  assert.ok(old.includes("sr_ck_sync_state INTEGER") && old.includes("balloon_bundle_id STRING"));
  const fresh = columnsOf({ release: "macos26", origin: "fresh" });
  assert.ok(!fresh.includes("sr_ck_sync_state INTEGER") && fresh.includes("balloon_bundle_id TEXT"));
});

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
