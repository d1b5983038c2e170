/** Our own file is damaged while nobody has it open: said in words, or mended by reading again; never passed over. */
import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { LiveSyncError } from "../../src/model/errors.ts";
import { SQLITE, SqliteError } from "../../src/sqlite/sqlite.ts";
import { backupPath } from "../../src/store/backup.ts";
import { openChatStatsDatabase } from "../../src/store/database.ts";
import { logicalContent } from "../support/logical_content.ts";
import { Sidecar } from "../support/sidecar.ts";
import { childArgs } from "../support/sidecar_child.ts";
import { SyncFixture } from "../support/sync_fixture.ts";

const JANE = "+15550100001";
const CHAT = `iMessage;-;${JANE}`;

function withMessages(count: number): SyncFixture {
  const fixture = new SyncFixture();
  fixture.app.createChat({ address: JANE });
  for (let i = 0; i < count; i++) fixture.app.message({ chat: CHAT, from: JANE, text: `message ${i}` });
  fixture.sync();
  return fixture;
}

/** Writes over a part of a file that no connection of this process has open. */
function spoil(path: string, from: number, bytes: number): void {
  using file = Deno.openSync(path, { write: true });
  file.seekSync(from, Deno.SeekMode.Start);
  file.writeSync(new Uint8Array(bytes).fill(0xa5));
}

function open(fixture: SyncFixture): void {
  openChatStatsDatabase(fixture.database, { randomUuid: () => "feed" }).close();
}

function damaged(path: string): (error: unknown) => boolean {
  return (error) => {
    ok(error instanceof LiveSyncError, String(error));
    equal(error.code, "damaged", error.message);
    ok(error.message.includes(path) && error.hint.includes("move it away"));
    return true;
  };
}

Deno.test("openChatStatsDatabase() says that the database is damaged, and names its backup, when its beginning is", () => {
  using fixture = withMessages(1);
  fixture.release();
  const backup = backupPath(fixture.database, 1);
  Deno.writeTextFileSync(backup, "a backup");
  spoil(fixture.database, 0, 100);
  throws(() => open(fixture), (error) => {
    ok(damaged(fixture.database)(error) && error instanceof LiveSyncError);
    ok(error.hint.includes(backup), error.hint);
    return true;
  });
});

Deno.test("openChatStatsDatabase() says that the database is damaged when half of it is cut off", () => {
  using fixture = withMessages(200);
  fixture.release();
  Deno.truncateSync(fixture.database, 4096 * 3);
  throws(() => open(fixture), damaged(fixture.database));
});

Deno.test("step() keeps nothing and reports the damage when a page of our messages is damaged", () => {
  using fixture = withMessages(200);
  const page = Number(fixture.column("SELECT rootpage FROM sqlite_schema WHERE name = 'messages'")[0]);
  const chats = fixture.rows("SELECT id, total_messages FROM chats");
  fixture.release();
  spoil(fixture.database, (page - 1) * 4096, 4096);
  fixture.restart();
  fixture.app.message({ chat: CHAT, from: JANE, text: "one more" });
  throws(
    () => fixture.sync(),
    (error) => error instanceof SqliteError && error.resultCode === SQLITE.CORRUPT,
  );
  deepEqual(fixture.rows("SELECT id, total_messages FROM chats"), chats);
});

Deno.test("a sidecar's commits that a damaged WAL lost are read again from Messages", async () => {
  using fixture = withMessages(5);
  fixture.release();
  const sidecar = new Sidecar(
    childArgs({ database: fixture.database, messagesDb: fixture.chatDb, label: "announce.after", nth: 4 }),
  );
  await sidecar.ready();
  for (let i = 0; i < 8; i++) {
    fixture.app.message({ chat: CHAT, from: JANE, text: `later ${i}` });
    await sidecar.until((lines) => lines.filter((line) => line.seq !== undefined).length > i);
  }
  equal((await sidecar.gone()).signal, "SIGKILL");
  const wal = `${fixture.database}-wal`;
  const told = sidecar.stored().length;
  // The first frame: how many of the last lines a killed process got out, and how many commits it had made that told
  // nothing, is chance, so that half of the file may hold all that was told.
  spoil(wal, 32 + 24, 200);
  fixture.restart();
  const lost = told - fixture.outbox.position().seq;
  ok(lost > 0, "the damage took commits away, or this test shows nothing");
  fixture.sync();
  using fresh = new SyncFixture();
  fresh.readFrom(fixture.chatDb);
  fresh.sync();
  deepEqual(logicalContent(fixture.db), logicalContent(fresh.db));
  deepEqual(fixture.column("PRAGMA main.quick_check"), ["ok"]);
});
