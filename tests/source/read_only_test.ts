/** A guest in Messages' house: a full sync changes nothing, holds nobody up and lets checkpoints pass. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { SyncFixture } from "../support/sync_fixture.ts";
import { Fixture, messagesProcess } from "./support/source_fixture.ts";

const JANE = "+15550100001";
const SCRIPT = new URL("./support/file_states.ts", import.meta.url).pathname;

/** Size, time and hash of chat.db and its -wal, read by another process. */
async function states(chatDb: string): Promise<unknown> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-prompt", SCRIPT, chatDb, `${chatDb}-wal`],
    stderr: "inherit",
  }).output();
  ok(success);
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test("a full sync leaves chat.db and its -wal as they are, to the byte", async () => {
  using fixture = new SyncFixture();
  const path = `${fixture.folder}/other.db`;
  await using app = messagesProcess(path);
  const chat = (await app.createChat({ address: JANE })).guid;
  const messages = Array.from({ length: 200 }, (_, i) => ({ do: "message", chat, from: JANE, text: `${i}` }));
  await app.batch(messages, { oneCommit: true });
  await app.checkpoint("PASSIVE");
  const { guid } = await app.message({ chat, text: "after the checkpoint" });
  const before = await states(path);
  fixture.readFrom(path);
  fixture.sync();
  equal(fixture.column("SELECT count(*) FROM messages")[0], 201);
  deepEqual(await states(path), before);
  fixture.restart();
  fixture.sync();
  fixture.release();
  deepEqual(await states(path), before);
  fixture.restart();
  // The writer's locks are as they were: it can still write, and we see it.
  await app.edit({ guid, text: "edited" });
  fixture.sync();
  equal(fixture.column("SELECT content FROM messages ORDER BY id DESC LIMIT 1")[0], "edited");
});

Deno.test("a sync lets the writer's TRUNCATE checkpoint through when it comes between two passes", async () => {
  using fixture = new SyncFixture();
  const path = `${fixture.folder}/other.db`;
  await using app = messagesProcess(path);
  const chat = (await app.createChat({ address: JANE })).guid;
  fixture.readFrom(path);
  for (let i = 0; i < 5; i++) {
    await app.message({ chat, from: JANE, text: `${i}` });
    fixture.sync();
    equal((await app.checkpoint("TRUNCATE")).busy, false);
    equal(Deno.statSync(`${path}-wal`).size, 0);
    fixture.sync();
  }
  deepEqual(fixture.column("SELECT content FROM messages ORDER BY id"), ["0", "1", "2", "3", "4"]);
});

Deno.test("our read of the source holds up no commit, and no checkpoint once it is over", async () => {
  using fixture = new Fixture();
  await using app = messagesProcess(fixture.path);
  // A writer that is held up fails at once instead of waiting.
  await app.exec("PRAGMA busy_timeout = 0");
  const chat = (await app.createChat({ address: JANE })).guid;
  fixture.attach();
  fixture.db.exec("BEGIN");
  equal(fixture.rows("SELECT guid FROM source_message").length, 0);
  await app.message({ chat, text: "while we read" });
  await app.exec("BEGIN IMMEDIATE; UPDATE chat SET display_name = 'x'; COMMIT");
  // Our snapshot stands still …
  equal(fixture.rows("SELECT guid FROM source_message").length, 0);
  equal((await app.checkpoint("TRUNCATE")).busy, true);
  fixture.db.exec("COMMIT");
  // … and is gone with the transaction.
  equal(fixture.rows("SELECT guid FROM source_message").length, 1);
  equal((await app.checkpoint("TRUNCATE")).busy, false);
});

Deno.test("a transaction of ours that has read main alone holds up no checkpoint of the source", async () => {
  using fixture = new Fixture();
  await using app = messagesProcess(fixture.path);
  await app.exec("PRAGMA busy_timeout = 0");
  const chat = (await app.createChat({ address: JANE })).guid;
  fixture.attach();
  fixture.rows("SELECT guid FROM source_message");
  fixture.db.exec("BEGIN; INSERT INTO main.kept VALUES (1, 2)");
  await app.message({ chat, text: "Hi" });
  equal((await app.checkpoint("TRUNCATE")).busy, false);
  fixture.db.exec("COMMIT");
});

Deno.test("detach() takes no WAL away when Messages was killed and we are the last reader", async () => {
  using fixture = new Fixture();
  const app = messagesProcess(fixture.path);
  await app.createChat({ address: JANE });
  await app.kill();
  const before = await states(fixture.path);
  fixture.attach();
  equal(fixture.rows("SELECT guid FROM source_chat").length, 1);
  fixture.source.detach();
  deepEqual(await states(fixture.path), before);
});

Deno.test("the WAL stays ours to read when Messages quits and starts again after a full sync", async () => {
  using fixture = new SyncFixture();
  const path = `${fixture.folder}/other.db`;
  const first = messagesProcess(path);
  const chat = (await first.createChat({ address: JANE })).guid;
  await first.message({ chat, text: "one" });
  fixture.readFrom(path);
  fixture.sync();
  const inode = Deno.statSync(`${path}-wal`).ino;
  // While we are attached, whoever closes last must not take the WAL away under us.
  equal(await first.close(), 0);
  equal(Deno.statSync(`${path}-wal`).ino, inode);
  await using second = messagesProcess(path);
  await second.message({ chat, text: "two" });
  equal(Deno.statSync(`${path}-wal`).ino, inode);
  fixture.sync();
  deepEqual(fixture.column("SELECT content FROM messages ORDER BY id"), ["one", "two"]);
});
