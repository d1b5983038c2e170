/** The walk that compares everything, where nobody told what changed; and files that were replaced by older ones. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { readDatabaseFacts } from "../../../src/store/queries/status.ts";
import type { StepOutcome } from "../../../src/sync/pass/step.ts";
import { logicalContent } from "../../support/logical_content.ts";
import { NOON_MS } from "../../support/fake_clock.ts";
import { type HeardEvent, names, SyncFixture, type SyncFixtureOptions } from "../../support/sync_fixture.ts";
import { copyOver, copyTo, restoreInto } from "../support/file_swaps.ts";

const JANE = "+15550100001";
const OMAR = "+15550100002";
const CHAT = `iMessage;-;${JANE}`;
const GROUP = "iMessage;+;chat900";

/** In step, with what each test changes behind the program's back. */
function synced(options: SyncFixtureOptions = {}): SyncFixture {
  const fixture = new SyncFixture(options);
  const { app } = fixture;
  app.createChat({ address: JANE });
  app.createGroup({ members: [JANE, OMAR], name: "Climbing", identifier: "chat900" });
  app.inOneCommit(() => {
    for (let i = 0; i < 300; i++) {
      app.message({ guid: `M${i}`, chat: CHAT, from: JANE, text: `message ${i}` });
    }
  });
  app.message({ chat: CHAT, from: JANE, attachments: [{ name: "cat.heic", guid: "CAT" }] });
  app.tapback({ guid: "TAP", target: "M1", kind: "love", from: JANE, dateMs: NOON_MS + 1 });
  fixture.sync();
  return fixture;
}

/** Changes that no reader of the WAL can tell of: it was cut off, and began anew. */
function unseen(fixture: SyncFixture, change: (fixture: SyncFixture) => void): void {
  change(fixture);
  fixture.app.checkpoint({ mode: "TRUNCATE" });
}

/** The same without asking what commits changed. */
function compared(fixture: SyncFixture): HeardEvent[] {
  return fixture.reconcile();
}

function slices(fixture: SyncFixture): StepOutcome[] {
  fixture.messages.comparison.begin(false);
  const steps: StepOutcome[] = [];
  while (true) {
    const step = fixture.messages.compareStep(NOON_MS);
    if (step === null) return steps;
    steps.push(step);
  }
}

function figures(fixture: SyncFixture) {
  return readDatabaseFacts(fixture.db, NOON_MS).reconcile;
}

Deno.test("reconcile finds nothing in a database that is in step, and says so", () => {
  using fixture = synced();
  equal(figures(fixture), null);
  deepEqual(compared(fixture), []);
  deepEqual(figures(fixture), { atMs: NOON_MS, missing: 0, extra: 0, different: 0 });
});

Deno.test("reconcile mends what is missing, too much and different, tells it, and counts it", () => {
  using fixture = synced();
  unseen(fixture, ({ app }) => {
    app.edit({ guid: "M3", text: "other", dateMs: NOON_MS + 5 });
    app.deleteForGood({ guid: "M4" });
    app.deleteForGood({ guid: "M5" });
    app.changeChat({ chat: GROUP, name: "Bouldering" });
    app.changeMembers({ chat: GROUP, remove: [OMAR] });
    app.updateAttachment({ guid: "CAT", bytes: 7 });
    app.deleteForGood({ guid: "TAP" });
  });
  fixture.db.exec(
    "PRAGMA foreign_keys = OFF; DELETE FROM messages WHERE guid = 'M6'; PRAGMA foreign_keys = ON",
  );
  deepEqual(names(compared(fixture)).toSorted(), [
    "attachment.updated",
    "chat.participants",
    "chat.updated",
    "message.created",
    "message.deleted",
    "message.deleted",
    "message.updated",
    "reaction.removed",
  ]);
  deepEqual(figures(fixture), { atMs: NOON_MS, missing: 1, extra: 3, different: 4 });
  deepEqual(compared(fixture), []);
  deepEqual(figures(fixture), { atMs: NOON_MS, missing: 0, extra: 0, different: 0 });
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
  using fixture = synced();
  unseen(fixture, ({ app }) => {
    DIFFERENT.forEach(([, columns], i) => app.change({ guid: `M${10 + i}`, columns }));
  });
  deepEqual(
    compared(fixture).map(({ event, data }, i) => [event, DIFFERENT[i]?.[0], data["changed"]]),
    DIFFERENT.map(([column, , changed]) => ["message.updated", column, changed]),
  );
});

Deno.test("reconcile finds a message that is in another chat", () => {
  using fixture = synced();
  unseen(fixture, ({ app }) => {
    app.db.exec(
      "UPDATE chat_message_join SET chat_id = 2 WHERE message_id = (SELECT ROWID FROM message WHERE guid = 'M7')",
    );
  });
  deepEqual(compared(fixture).map(({ event, data }) => [event, data["changed"]]), [["message.updated", [
    "chat_id",
  ]]]);
});

Deno.test("reconcile takes no message through a pass that agrees", () => {
  using fixture = synced();
  compared(fixture);
  // The last slice held all: the tapback alone takes more than one row to tell.
  deepEqual(
    fixture.column(
      "SELECT s.guid FROM temp.changed_row k JOIN temp.source_message s ON s.rowid = k.id WHERE k.width = 'wide'",
    ),
    [
      "TAP",
    ],
  );
});

Deno.test("reconcile tells what it mended beyond the limit as one resync, and counts it all", () => {
  using fixture = synced({ bulkAbove: 50 });
  unseen(fixture, ({ app }) => {
    app.inOneCommit(() => {
      for (let i = 0; i < 300; i++) {
        app.change({ guid: `M${i}`, columns: { date_read: 790_000_000_000_000_000 } });
      }
    });
  });
  const before = fixture.outbox.position().seq;
  const steps = slices(fixture);
  const told = steps.flatMap(({ events }) => events).length;
  ok(told > 50 && told < 300, `${told}`);
  deepEqual(steps.map(({ resync }) => resync), steps.map((_, i) => i === steps.length - 1));
  equal(fixture.outbox.position().seq, before + told + 1);
  equal(figures(fixture)?.different, 300);
});

Deno.test("reconcile goes on where it was when the program was started again", () => {
  using fixture = synced();
  unseen(fixture, ({ app }) => app.edit({ guid: "M299", text: "other", dateMs: NOON_MS + 5 }));
  fixture.messages.comparison.begin(false);
  fixture.messages.compareStep(NOON_MS);
  const walk = () =>
    String(fixture.column("SELECT value FROM live_sync_state WHERE key = 'reconcile.walk'")[0]);
  const at = walk();
  ok(JSON.parse(at).after >= 100);
  fixture.restart();
  fixture.attach();
  equal(walk(), at);
  deepEqual(names(compared(fixture)), ["message.updated"]);
});

Deno.test("reconcile leaves messages above the watermark to the passes that bring new ones", () => {
  using fixture = synced();
  fixture.messages.comparison.begin(false);
  fixture.app.message({ guid: "NEW", chat: CHAT, from: JANE, text: "new" });
  deepEqual(compared(fixture), []);
  deepEqual(names(fixture.sync().events), ["message.created"]);
});

Deno.test("reconcile takes small slices when they take long, larger ones when they do not", () => {
  using fixture = synced();
  const { comparison } = fixture.messages;
  comparison.begin(false);
  const rows = () => (comparison.next()?.last ?? 0) - (comparison.next()?.first ?? 0) + 1;
  equal(rows(), 100);
  comparison.took(60);
  equal(rows(), 20);
  comparison.took(1);
  comparison.took(1);
  equal(rows(), 80);
});

/** Another file at the path of `fixture`'s, filled by `fill`; Messages was quit meanwhile. */
function replaceFile(fixture: SyncFixture, fill: (other: SyncFixture) => void): void {
  using other = new SyncFixture({ seed: 2 });
  fill(other);
  other.app.checkpoint({ mode: "TRUNCATE" });
  fixture.release();
  fixture.quitApp();
  for (const end of ["", "-wal", "-shm"]) {
    try {
      Deno.removeSync(fixture.chatDb + end);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  other.app.db.exec(`VACUUM INTO '${fixture.chatDb}'`);
  fixture.restart();
}

Deno.test("sync() keeps rows that an older copy does not have, counts them, and tells nothing of them", () => {
  using fixture = new SyncFixture();
  const fill = ({ app }: SyncFixture, until: number) => {
    app.createChat({ address: JANE });
    for (let i = 0; i < until; i++) {
      app.message({ guid: `M${i}`, chat: CHAT, from: JANE, text: `message ${i}`, dateMs: NOON_MS + i });
    }
  };
  fill(fixture, 10);
  fixture.app.tapback({ guid: "TAP", target: "M9", kind: "love", from: JANE, dateMs: NOON_MS + 100 });
  fixture.sync();
  const before = logicalContent(fixture.db);
  replaceFile(fixture, (other) => fill(other, 7));
  equal(fixture.attach(), "replaced");
  deepEqual(fixture.sync().events, []);
  equal(readDatabaseFacts(fixture.db, NOON_MS).notInSource, 3);
  deepEqual(fixture.reconcile(), []);
  deepEqual(
    { ...logicalContent(fixture.db), messages: [] },
    { ...before, messages: [] },
  );
  deepEqual(fixture.column("SELECT source_rowid FROM messages ORDER BY id"), [
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
  equal(fixture.column("SELECT count(*) FROM messages WHERE deleted_at IS NULL")[0], 10);
});

Deno.test("sync() keeps all messages when a file that never had one is restored into the same inode", () => {
  using fixture = new SyncFixture();
  fixture.app.createChat({ address: JANE });
  const empty = `${fixture.folder}/empty.db`;
  copyTo(fixture, empty);
  fixture.app.message({ guid: "A", chat: CHAT, from: JANE, text: "A" });
  fixture.sync();
  restoreInto(fixture.app.db, empty);
  deepEqual(fixture.sync().events, []);
  deepEqual(fixture.reconcile(), []);
  deepEqual(fixture.rows("SELECT content, source_rowid, deleted_at FROM messages"), [
    { content: "A", source_rowid: null, deleted_at: null },
  ]);
  equal(readDatabaseFacts(fixture.db, NOON_MS).notInSource, 1);
});

Deno.test("reconcile deletes nothing when an older content was restored and no pass has recognised it yet", () => {
  using fixture = new SyncFixture();
  fixture.app.createChat({ address: JANE });
  const older = `${fixture.folder}/older.db`;
  copyTo(fixture, older);
  fixture.app.message({ guid: "A", chat: CHAT, from: JANE, text: "A" });
  fixture.sync();
  fixture.messages.comparison.begin(false);
  restoreInto(fixture.app.db, older);
  equal(fixture.messages.compareStep(NOON_MS), null);
  deepEqual(fixture.sync().events, []);
  deepEqual(fixture.reconcile(), []);
  deepEqual(fixture.rows("SELECT content, deleted_at FROM messages"), [{ content: "A", deleted_at: null }]);
});

Deno.test("sync() finds a chat and a handle that an older copy brings back under their old ROWIDs", () => {
  using fixture = new SyncFixture({ lookBack: 0 });
  const { guid: chat } = fixture.app.createChat({ address: JANE });
  const group = fixture.app.createGroup({ members: [JANE], identifier: "chat900" }).guid;
  // So many that message and handle are compared in two slices.
  fixture.app.inOneCommit(() => {
    for (let i = 0; i < 400; i++) fixture.app.addHandle({ address: `${i}@example.com` });
  });
  fixture.app.message({ guid: "A", chat: group, from: OMAR, text: "A" });
  const copy = `${fixture.folder}/copy.db`;
  copyTo(fixture, copy);
  fixture.app.deleteForGood({ guid: "A" });
  fixture.app.db.prepare("DELETE FROM handle WHERE id = :id").run({ id: OMAR });
  fixture.app.deleteChat({ chat });
  // So that the one which comes back has a ROWID below the newest.
  fixture.app.addHandle({ address: "eve@example.com" });
  fixture.sync();
  deepEqual(fixture.column("SELECT chat_identifier FROM chats"), ["chat900"]);
  copyOver(fixture, copy);
  fixture.sync();
  fixture.reconcile();
  fixture.sync();
  deepEqual(fixture.column("SELECT chat_identifier FROM chats WHERE deleted_at IS NULL ORDER BY 1"), [
    JANE,
    "chat900",
  ]);
  deepEqual(
    fixture.column(
      "SELECT i.identifier FROM messages m JOIN contact_identifiers i ON i.id = m.sender_identifier_id",
    ),
    [OMAR],
  );
});

Deno.test("sync() tells what a replaced file changed and nothing else, and keeps our ids", () => {
  using fixture = new SyncFixture();
  fixture.app.createChat({ address: JANE });
  for (const guid of ["A", "B", "C"]) fixture.app.message({ guid, chat: CHAT, from: JANE, text: guid });
  fixture.sync();
  const ids = fixture.rows("SELECT id, guid FROM messages ORDER BY id");
  replaceFile(fixture, ({ app }) => {
    app.createChat({ address: JANE });
    app.message({ guid: "C", chat: CHAT, from: JANE, text: "C" });
    app.message({ guid: "B", chat: CHAT, from: JANE, text: "b" });
    app.message({ guid: "A", chat: CHAT, from: JANE, text: "A" });
    app.message({ guid: "D", chat: CHAT, from: JANE, text: "D" });
  });
  const { events } = fixture.sync();
  deepEqual(names(events).toSorted(), ["message.created", "message.updated"]);
  deepEqual(fixture.rows("SELECT id, guid FROM messages ORDER BY id LIMIT 3"), ids);
  equal(readDatabaseFacts(fixture.db, NOON_MS).notInSource, 0);
});
