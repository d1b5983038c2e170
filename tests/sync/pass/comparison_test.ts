/** The walk that compares everything, where nobody told what changed; and files that were replaced by older ones. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { readDatabaseFacts } from "../../../src/store/queries/status.ts";
import type { StepOutcome } from "../../../src/sync/pass/step.ts";
import { logicalContent } from "../../support/logical_content.ts";
import {
  type HeardEvent,
  names,
  NOON_MS,
  Workbench,
  type WorkbenchOptions,
} from "../../support/sync_fixture.ts";
import { copyOver, copyTo, restoreInto } from "../support/file_swaps.ts";

const JANE = "+15550100001";
const OMAR = "+15550100002";
const CHAT = `iMessage;-;${JANE}`;
const GROUP = "iMessage;+;chat900";

/** In step, with what each test changes behind the program's back. */
function synced(options: WorkbenchOptions = {}): Workbench {
  const bench = new Workbench(options);
  const { app } = bench;
  app.createChat({ address: JANE });
  app.createGroup({ members: [JANE, OMAR], name: "Climbing", identifier: "chat900" });
  app.inOneCommit(() => {
    for (let i = 0; i < 300; i++) {
      app.message({ guid: `M${i}`, chat: CHAT, from: JANE, text: `message ${i}` });
    }
  });
  app.message({ chat: CHAT, from: JANE, attachments: [{ name: "cat.heic", guid: "CAT" }] });
  app.tapback({ guid: "TAP", target: "M1", kind: "love", from: JANE, dateMs: NOON_MS + 1 });
  bench.sync();
  return bench;
}

/** Changes that no reader of the WAL can tell of: it was cut off, and began anew. */
function unseen(bench: Workbench, change: (bench: Workbench) => void): void {
  change(bench);
  bench.app.checkpoint({ mode: "TRUNCATE" });
}

/** The same without asking what commits changed. */
function compared(bench: Workbench): HeardEvent[] {
  return bench.reconcile();
}

function slices(bench: Workbench): StepOutcome[] {
  bench.messages.comparison.begin(false);
  const steps: StepOutcome[] = [];
  while (true) {
    const step = bench.messages.compareStep(NOON_MS);
    if (step === null) return steps;
    steps.push(step);
  }
}

function figures(bench: Workbench) {
  return readDatabaseFacts(bench.db, NOON_MS).reconcile;
}

Deno.test("reconcile finds nothing in a database that is in step, and says so", () => {
  using bench = synced();
  equal(figures(bench), null);
  deepEqual(compared(bench), []);
  deepEqual(figures(bench), { atMs: NOON_MS, missing: 0, extra: 0, different: 0 });
});

Deno.test("reconcile mends what is missing, too much and different, tells it, and counts it", () => {
  using bench = synced();
  unseen(bench, ({ app }) => {
    app.edit({ guid: "M3", text: "other", dateMs: NOON_MS + 5 });
    app.deleteForGood({ guid: "M4" });
    app.deleteForGood({ guid: "M5" });
    app.changeChat({ chat: GROUP, name: "Bouldering" });
    app.changeMembers({ chat: GROUP, remove: [OMAR] });
    app.updateAttachment({ guid: "CAT", bytes: 7 });
    app.deleteForGood({ guid: "TAP" });
  });
  bench.db.exec(
    "PRAGMA foreign_keys = OFF; DELETE FROM messages WHERE guid = 'M6'; PRAGMA foreign_keys = ON",
  );
  deepEqual(names(compared(bench)).toSorted(), [
    "attachment.updated",
    "chat.participants",
    "chat.updated",
    "message.created",
    "message.deleted",
    "message.deleted",
    "message.updated",
    "reaction.removed",
  ]);
  deepEqual(figures(bench), { atMs: NOON_MS, missing: 1, extra: 3, different: 4 });
  deepEqual(compared(bench), []);
  deepEqual(figures(bench), { atMs: NOON_MS, missing: 0, extra: 0, different: 0 });
});

/** What differs of a message that no reader of the WAL can tell of, and what its event names. */
const DIFFERENT: readonly (readonly [string, Record<string, string | number | null>, readonly string[]])[] = [
  ["text", { text: "other", attributedBody: null }, ["content"]],
  ["attributedBody", { text: null, attributedBody: null }, ["content"]],
  ["date", { date: 790_000_000_000_000_000 }, ["timestamp"]],
  ["is_from_me", { is_from_me: 1 }, ["sender_id", "is_from_me"]],
  ["handle_id", { handle_id: 2 }, ["sender_id"]],
  ["service", { service: "RCS" }, ["service_name"]],
  ["thread_originator_guid", { thread_originator_guid: "M1" }, ["reply_to_guid"]],
  ["date_read", { date_read: 790_000_000_000_000_000 }, ["date_read"]],
  ["date_delivered", { date_delivered: 790_000_000_000_000_000 }, ["date_delivered"]],
  ["date_edited", { date_edited: 790_000_000_000_000_000 }, ["date_edited"]],
  ["date_retracted", { date_retracted: 790_000_000_000_000_000 }, ["date_retracted"]],
  ["error", { is_from_me: 1, error: 22 }, ["sender_id", "is_from_me", "send_error"]],
  ["balloon_bundle_id", { balloon_bundle_id: "com.apple.Handwriting" }, ["message_type"]],
  ["is_audio_message", { is_audio_message: 1 }, ["message_type"]],
];

Deno.test("reconcile finds each message that differs in one column alone", () => {
  using bench = synced();
  unseen(bench, ({ app }) => {
    DIFFERENT.forEach(([, columns], i) => app.change({ guid: `M${10 + i}`, columns }));
  });
  deepEqual(
    compared(bench).map(({ event, data }, i) => [event, DIFFERENT[i]?.[0], data["changed"]]),
    DIFFERENT.map(([column, , changed]) => ["message.updated", column, changed]),
  );
});

Deno.test("reconcile finds a message that is in another chat", () => {
  using bench = synced();
  unseen(bench, ({ app }) => {
    app.db.exec(
      "UPDATE chat_message_join SET chat_id = 2 WHERE message_id = (SELECT ROWID FROM message WHERE guid = 'M7')",
    );
  });
  deepEqual(compared(bench).map(({ event, data }) => [event, data["changed"]]), [["message.updated", [
    "chat_id",
  ]]]);
});

Deno.test("reconcile takes no message through a pass that agrees", () => {
  using bench = synced();
  compared(bench);
  // The last slice held all: the tapback alone takes more than one row to tell.
  deepEqual(
    bench.column(
      "SELECT s.guid FROM temp.changed_row k JOIN temp.source_message s ON s.rowid = k.id WHERE k.width = 'wide'",
    ),
    [
      "TAP",
    ],
  );
});

Deno.test("reconcile tells what it mended beyond the limit as one resync, and counts it all", () => {
  using bench = synced({ bulkAbove: 50 });
  unseen(bench, ({ app }) => {
    app.inOneCommit(() => {
      for (let i = 0; i < 300; i++) {
        app.change({ guid: `M${i}`, columns: { date_read: 790_000_000_000_000_000 } });
      }
    });
  });
  const before = bench.outbox.position().seq;
  const steps = slices(bench);
  const told = steps.flatMap(({ events }) => events).length;
  ok(told > 50 && told < 300, `${told}`);
  deepEqual(steps.map(({ resync }) => resync), steps.map((_, i) => i === steps.length - 1));
  equal(bench.outbox.position().seq, before + told + 1);
  equal(figures(bench)?.different, 300);
});

Deno.test("reconcile goes on where it was when the program was started again", () => {
  using bench = synced();
  unseen(bench, ({ app }) => app.edit({ guid: "M299", text: "other", dateMs: NOON_MS + 5 }));
  bench.messages.comparison.begin(false);
  bench.messages.compareStep(NOON_MS);
  const walk = () =>
    String(bench.column("SELECT value FROM live_sync_state WHERE key = 'reconcile.walk'")[0]);
  const at = walk();
  ok(JSON.parse(at).after >= 100);
  bench.restart();
  bench.attach();
  equal(walk(), at);
  deepEqual(names(compared(bench)), ["message.updated"]);
});

Deno.test("reconcile leaves messages above the watermark to the passes that bring new ones", () => {
  using bench = synced();
  bench.messages.comparison.begin(false);
  bench.app.message({ guid: "NEW", chat: CHAT, from: JANE, text: "new" });
  deepEqual(compared(bench), []);
  deepEqual(names(bench.sync().events), ["message.created"]);
});

Deno.test("reconcile takes small slices when they take long, larger ones when they do not", () => {
  using bench = synced();
  const { comparison } = bench.messages;
  comparison.begin(false);
  const rows = () => (comparison.next()?.last ?? 0) - (comparison.next()?.first ?? 0) + 1;
  equal(rows(), 100);
  comparison.took(60);
  equal(rows(), 20);
  comparison.took(1);
  comparison.took(1);
  equal(rows(), 80);
});

/** Another file at the path of `bench`'s, filled by `fill`; Messages was quit meanwhile. */
function replaceFile(bench: Workbench, fill: (other: Workbench) => void): void {
  using other = new Workbench({ seed: 2 });
  fill(other);
  other.app.checkpoint({ mode: "TRUNCATE" });
  bench.release();
  bench.quitApp();
  for (const end of ["", "-wal", "-shm"]) {
    try {
      Deno.removeSync(bench.chatDb + end);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  other.app.db.exec(`VACUUM INTO '${bench.chatDb}'`);
  bench.restart();
}

Deno.test("sync() keeps rows that an older copy does not have, counts them, and tells nothing of them", () => {
  using bench = new Workbench();
  const fill = ({ app }: Workbench, until: number) => {
    app.createChat({ address: JANE });
    for (let i = 0; i < until; i++) {
      app.message({ guid: `M${i}`, chat: CHAT, from: JANE, text: `message ${i}`, dateMs: NOON_MS + i });
    }
  };
  fill(bench, 10);
  bench.app.tapback({ guid: "TAP", target: "M9", kind: "love", from: JANE, dateMs: NOON_MS + 100 });
  bench.sync();
  const before = logicalContent(bench.db);
  replaceFile(bench, (other) => fill(other, 7));
  equal(bench.attach(), "replaced");
  deepEqual(bench.sync().events, []);
  equal(readDatabaseFacts(bench.db, NOON_MS).notInSource, 3);
  deepEqual(bench.reconcile(), []);
  deepEqual(
    { ...logicalContent(bench.db), messages: [] },
    { ...before, messages: [] },
  );
  deepEqual(bench.column("SELECT source_rowid FROM messages ORDER BY id"), [
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    null,
    null,
    null,
  ]);
  equal(bench.column("SELECT count(*) FROM messages WHERE deleted_at IS NULL")[0], 10);
});

Deno.test("sync() keeps all messages when a file that never had one is restored into the same inode", () => {
  using bench = new Workbench();
  bench.app.createChat({ address: JANE });
  const empty = `${bench.folder}/empty.db`;
  copyTo(bench, empty);
  bench.app.message({ guid: "A", chat: CHAT, from: JANE, text: "A" });
  bench.sync();
  restoreInto(bench.app.db, empty);
  deepEqual(bench.sync().events, []);
  deepEqual(bench.reconcile(), []);
  deepEqual(bench.rows("SELECT content, source_rowid, deleted_at FROM messages"), [
    { content: "A", source_rowid: null, deleted_at: null },
  ]);
  equal(readDatabaseFacts(bench.db, NOON_MS).notInSource, 1);
});

Deno.test("reconcile deletes nothing when an older content was restored and no pass has recognised it yet", () => {
  using bench = new Workbench();
  bench.app.createChat({ address: JANE });
  const older = `${bench.folder}/older.db`;
  copyTo(bench, older);
  bench.app.message({ guid: "A", chat: CHAT, from: JANE, text: "A" });
  bench.sync();
  bench.messages.comparison.begin(false);
  restoreInto(bench.app.db, older);
  equal(bench.messages.compareStep(NOON_MS), null);
  deepEqual(bench.sync().events, []);
  deepEqual(bench.reconcile(), []);
  deepEqual(bench.rows("SELECT content, deleted_at FROM messages"), [{ content: "A", deleted_at: null }]);
});

Deno.test("sync() finds a chat and a handle that an older copy brings back under their old ROWIDs", () => {
  using bench = new Workbench({ lookBack: 0 });
  const { guid: chat } = bench.app.createChat({ address: JANE });
  const group = bench.app.createGroup({ members: [JANE], identifier: "chat900" }).guid;
  // So many that message and handle are compared in two slices.
  bench.app.inOneCommit(() => {
    for (let i = 0; i < 400; i++) bench.app.addHandle({ address: `${i}@example.com` });
  });
  bench.app.message({ guid: "A", chat: group, from: OMAR, text: "A" });
  const copy = `${bench.folder}/copy.db`;
  copyTo(bench, copy);
  bench.app.deleteForGood({ guid: "A" });
  bench.app.db.prepare("DELETE FROM handle WHERE id = :id").run({ id: OMAR });
  bench.app.deleteChat({ chat });
  // So that the one which comes back has a ROWID below the newest.
  bench.app.addHandle({ address: "eve@example.com" });
  bench.sync();
  deepEqual(bench.column("SELECT chat_identifier FROM chats"), ["chat900"]);
  copyOver(bench, copy);
  bench.sync();
  bench.reconcile();
  bench.sync();
  deepEqual(bench.column("SELECT chat_identifier FROM chats WHERE deleted_at IS NULL ORDER BY 1"), [
    JANE,
    "chat900",
  ]);
  deepEqual(
    bench.column(
      "SELECT i.identifier FROM messages m JOIN contact_identifiers i ON i.id = m.sender_identifier_id",
    ),
    [OMAR],
  );
});

Deno.test("sync() tells what a replaced file changed and nothing else, and keeps our ids", () => {
  using bench = new Workbench();
  bench.app.createChat({ address: JANE });
  for (const guid of ["A", "B", "C"]) bench.app.message({ guid, chat: CHAT, from: JANE, text: guid });
  bench.sync();
  const ids = bench.rows("SELECT id, guid FROM messages ORDER BY id");
  replaceFile(bench, ({ app }) => {
    app.createChat({ address: JANE });
    app.message({ guid: "C", chat: CHAT, from: JANE, text: "C" });
    app.message({ guid: "B", chat: CHAT, from: JANE, text: "b" });
    app.message({ guid: "A", chat: CHAT, from: JANE, text: "A" });
    app.message({ guid: "D", chat: CHAT, from: JANE, text: "D" });
  });
  const { events } = bench.sync();
  deepEqual(names(events).toSorted(), ["message.created", "message.updated"]);
  deepEqual(bench.rows("SELECT id, guid FROM messages ORDER BY id LIMIT 3"), ids);
  equal(readDatabaseFacts(bench.db, NOON_MS).notInSource, 0);
});
