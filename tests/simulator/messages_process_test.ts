import assert from "node:assert/strict";
import { ownExecutable, startMessagesProcess } from "../../src/simulator/messages_process.ts";
import { parseProcessArgs } from "../../src/simulator/process.ts";
import { integer } from "../../src/sqlite/row.ts";
import { openDatabase } from "../../src/sqlite/sqlite.ts";
import { temporaryFolder } from "./support/temporary.ts";

const NORA = "+14155550142";
const command = ownExecutable(import.meta.resolve("./support/messages_app_entry.ts"));

Deno.test("MessagesProcess commits from another process, and a reader here sees each commit", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/chat.db`;
  await using app = startMessagesProcess({ command, db: path, synchronous: "full", seed: 4 });
  const chat = await app.createChat({ address: NORA });
  assert.notEqual(app.pid, Deno.pid);
  using reader = openDatabase(path, { readOnly: true });
  const version = () => integer(reader.prepare("PRAGMA data_version").get() ?? {}, "data_version");
  const before = version();
  const started = performance.timeOrigin + performance.now();
  const written = await app.message({ chat: chat.guid, from: NORA, text: "Hi" });
  assert.ok(written.committedAtMs > started - 50);
  assert.notEqual(version(), before);
  assert.equal(reader.prepare("SELECT guid FROM message").get()?.["guid"], written.guid);
});

Deno.test("MessagesProcess answers with errors, runs SQL and batches, and goes on", async () => {
  using folder = temporaryFolder();
  await using app = startMessagesProcess({ command, db: `${folder.path}/chat.db`, release: "macos14" });
  await assert.rejects(app.message({ chat: "nobody" }), { code: "no_such_row" });
  const chat = (await app.createChat({ address: NORA })).guid;
  const misspelt = [{ do: "message", chat, txt: "Hi" }];
  await assert.rejects(app.batch(misspelt), { code: "bad_command" });
  const messages = [{ do: "message", chat, text: "1" }, { do: "message", chat, text: "2" }];
  assert.equal((await app.batch(messages, { oneCommit: true })).results.length, 2);
  await assert.rejects(app.batch([...messages, ...misspelt], { oneCommit: true }), { code: "bad_command" });
  const big = 817_057_494_817_000_001n;
  await app.sql("UPDATE message SET date = :big, payload_data = :bytes", {
    big,
    bytes: Uint8Array.of(0, 255),
  });
  assert.deepEqual(
    await app.sql(
      "SELECT count(*) AS n, cast(max(date) AS TEXT) AS date, payload_data AS bytes FROM message",
    ),
    [{ n: 2, date: String(big), bytes: Uint8Array.of(0, 255) }],
  );
});

Deno.test("checkpoint() copies the WAL, and TRUNCATE empties its file", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/chat.db`;
  await using app = startMessagesProcess({ command, db: path, synchronous: "normal" });
  for (const mode of ["PASSIVE", "FULL", "RESTART", "TRUNCATE"] as const) {
    await app.addHandle({ address: `+1212555010${mode.length}`, service: mode });
    const { busy, log, checkpointed } = await app.checkpoint(mode);
    assert.deepEqual({ busy, log }, { busy: false, log: checkpointed }, mode);
    const { size } = await Deno.stat(`${path}-wal`);
    assert.equal(size === 0, mode === "TRUNCATE", mode);
  }
});

Deno.test("traffic() writes as many messages as asked for while other commands go on", async () => {
  using folder = temporaryFolder();
  await using app = startMessagesProcess({ command, db: `${folder.path}/chat.db`, synchronous: "normal" });
  const traffic = app.traffic({ perSecond: 200, seconds: 0.5 });
  await app.addHandle({ address: NORA, service: "RCS" });
  const messages = await traffic;
  assert.equal(messages.length, 100);
  assert.deepEqual(await app.sql("SELECT count(*) AS n FROM message"), [{ n: 100 }]);
  assert.ok(messages.every(({ committedAtMs }, i) => committedAtMs >= (messages[i - 1]?.committedAtMs ?? 0)));
});

Deno.test("kill() leaves the WAL behind, and close() takes it away", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/chat.db`;
  const first = startMessagesProcess({ command, db: path });
  await first.createChat({ address: NORA });
  await first.kill();
  assert.ok((await Deno.stat(`${path}-wal`)).size > 0);
  await assert.rejects(first.stop(), { code: "messages_app_gone" });
  const second = startMessagesProcess({ command, db: path });
  assert.deepEqual(await second.sql("SELECT chat_identifier AS id FROM chat"), [{ id: NORA }]);
  await second.playHumanPace(1);
  await second.stop();
  assert.equal(await second.close(), 0);
  await assert.rejects(Deno.stat(`${path}-wal`), Deno.errors.NotFound);
});

Deno.test("parseProcessArgs() refuses what it does not know", () => {
  assert.deepEqual(parseProcessArgs(["--db", "x"]), {
    db: "x",
    release: "macos15",
    synchronous: "full",
    seed: 1,
  });
  assert.throws(() => parseProcessArgs(["--db", "x", "--release", "macos9"]), { code: "usage" });
  assert.throws(() => parseProcessArgs(["--db", "x", "--synchronous", "off"]), { code: "usage" });
  assert.throws(() => parseProcessArgs([]), { code: "usage" });
});
