import assert from "node:assert/strict";
import { DemoLabels } from "../../src/cli/demo/labels.ts";
import { clip, demoLine, displayWidth, headingLine } from "../../src/cli/demo/lines.ts";
import { DemoScreen } from "../../src/cli/demo/screen.ts";
import { happenedIn } from "../../src/cli/demo/wire.ts";
import { openDatabase } from "../../src/sqlite/sqlite.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { RunningProgram } from "./support/program.ts";
import { slowTest } from "../support/slow.ts";

Deno.test("demo shows messages as they reach a client, and leaves nothing behind, when it is stopped", async () => {
  const temp = Deno.makeTempDirSync();
  try {
    await using program = new RunningProgram(["demo", "--", "--messages", "50", "--seed", "3"], {
      TMPDIR: temp,
    });
    const line = await program.lineOut((each) => /^\d\d:\d\d:\d\d {2}.+ \d+ ms$/.test(each));
    assert.ok(line.length <= 100);
    assert.equal([...Deno.readDirSync(temp)].length, 1);
    program.signal("SIGINT");
    const { code, stdout, stderr } = await program.ended();
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^chatstats-live-sync demo\n\nAn invented Messages app/);
    assert.match(stdout, /^Dashboard .*:\nhttp:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/m);
    assert.match(stdout, /\nFrom Messages to the client: \d+ ms typically, \d+ ms at most\.\n$/);
    assert.deepEqual([...Deno.readDirSync(temp)], []);
  } finally {
    Deno.removeSync(temp, { recursive: true });
  }
});

slowTest("demo shows a number turning into a name when a card is made for it", async () => {
  await using program = new RunningProgram(["demo", "--messages", "0", "--seed", "1", "--seconds", "25"]);
  const unknown = await program.lineOut((each) => /^[\d:]{8} {2}\+16175550110 /.test(each));
  assert.match(unknown, /Willow Street Vets: Biscuit/);
  await program.lineOut((each) =>
    /^[\d:]{8} {2}── Contacts +\+16175550110 is Willow Street Vets$/.test(each)
  );
  await program.lineOut((each) => /^[\d:]{8} {2}Willow Street V… {2}\S/.test(each));
  program.signal("SIGINT");
  const { code, stdout, stderr } = await program.ended();
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout, /, [1-9] contact changes?\.\n/);
});

Deno.test("demo imports as many messages as were asked for, ends by itself and exits 0 when its seconds are over", async () => {
  await using program = new RunningProgram(["demo", "--seconds", "1", "--messages", "5000"]);
  const { code, stdout, stderr } = await program.ended();
  assert.equal(code, 0, stderr);
  assert.match(stdout, /Imported {3}5,000 messages of history /);
});

Deno.test("demoLine() fits 80 columns and goes on below when the text is long", () => {
  const line = {
    time: "14:03:11",
    chat: "Nora Lindqvist and friends",
    text: "word ".repeat(30).trim(),
    ms: 4,
  };
  const rows = demoLine(line, 80).split("\n");
  assert.ok(rows.length > 1);
  for (const row of [...rows, headingLine(80)]) assert.ok(displayWidth(row) < 80, row);
  assert.match(rows[0] ?? "", /^14:03:11 {2}Nora Lindqvist…? {2,}word .* {2,}4 ms$/);
  assert.match(rows[1] ?? "", /^ {28}word/);
  assert.ok(!demoLine({ ...line, ms: null }, 80).includes("ms"));
});

Deno.test("displayWidth() and clip() count two columns for emoji and wide characters", () => {
  assert.equal(displayWidth("abc"), 3);
  assert.equal(displayWidth("👍🏽❤️"), 4);
  assert.equal(displayWidth("日本"), 4);
  assert.equal(displayWidth("e\u0301"), 1);
  assert.equal(clip("日本語です", 6), "日本…");
  assert.equal(clip("abc", 3), "abc");
});

Deno.test("happenedIn() tells messages, tapbacks, edits and names, and nothing of what is not for the eye", () => {
  const message = { id: 1, guid: "g", chat_id: 2, sender_name: "Nora", content: "hi", timestamp: 5 };
  const created = (is_from_me: boolean) => ({
    type: "event",
    event: "message.created",
    data: { message: { ...message, is_from_me } },
  });
  const told = happenedIn(created(false));
  assert.deepEqual([told?.kind, told?.chatId, told?.who, told?.text, told?.writtenAt], [
    "message",
    2,
    "Nora",
    "hi",
    5,
  ]);
  assert.equal(happenedIn(created(true))?.who, "Me");
  const updated = (values: object) => ({ event: "message.updated", data: { message_id: 1, values } });
  assert.equal(happenedIn(updated({ date_edited: 7, content: "ho" }))?.text, "Edited to: ho");
  assert.equal(happenedIn(updated({ date_retracted: 7 }))?.text, "A message was unsent");
  assert.equal(happenedIn(updated({ date_read: 7 })), null);
  const reaction = {
    chat_id: 2,
    original_message_guid: "g",
    sender_name: "Nora",
    reaction_type: "love",
    emoji: null,
    timestamp: 9,
  };
  assert.equal(happenedIn({ event: "reaction.added", data: { reaction } })?.text, "reacted with ❤️");
  const removed = happenedIn({ event: "reaction.removed", data: { reaction } });
  assert.deepEqual([removed?.text, removed?.writtenAt], ["took back ❤️", null]);
  const contact = (previous_name: string | null, update_type = "name_updated") => ({
    event: "contact.updated",
    data: { contact_id: 3, name: "Helen Doyle", previous_name, update_type, identifiers: ["+16175550171"] },
  });
  assert.equal(happenedIn(contact("+16175550171"))?.text, "+16175550171 is Helen Doyle");
  assert.equal(happenedIn(contact("Mum"))?.text, "Mum is now called Helen Doyle");
  assert.equal(happenedIn(contact("Helen Doyle", "details_updated")), null);
  assert.equal(happenedIn(contact(null)), null);
  for (const [event, isUndone] of [["contact.merged", false], ["contact.unmerged", true]] as const) {
    const both = happenedIn({ event, data: { from_id: 4, into_id: 3, messages: 1 } });
    assert.deepEqual(both?.merge, { fromId: 4, intoId: 3, messages: 1, isUndone });
  }
  for (const other of [{ type: "pong" }, null, 1, { event: "chat.updated", data: {} }]) {
    assert.equal(happenedIn(other), null);
  }
});

/** The screen's lines after its heading, without the time. */
function told(fill: string, events: readonly object[]): string[] {
  using database = openDatabase(":memory:");
  database.exec(`
    CREATE TABLE chats (id INTEGER PRIMARY KEY, chat_name TEXT, is_group INTEGER, chat_identifier TEXT);
    CREATE TABLE chat_participants (chat_id INTEGER, contact_id INTEGER);
    CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE messages (id INTEGER PRIMARY KEY, guid TEXT, chat_id INTEGER, content TEXT);
    CREATE TABLE attachments (id INTEGER PRIMARY KEY, message_id INTEGER, file_name TEXT, mime_type TEXT);
    INSERT INTO chats VALUES (2, 'Doyles', 1, 'chat2');
    INSERT INTO contacts VALUES (3, 'Luca Ferretti'), (4, '+16465550126')`);
  database.exec(fill);
  const out: string[] = [];
  const screen = new DemoScreen({
    out: (text) => out.push(text),
    err: (text) => assert.fail(`stderr got ${text}`),
    outIsTerminal: false,
    errIsTerminal: false,
    columns: () => 80,
  }, new FakeClock());
  screen.begin(new DemoLabels(database));
  for (const event of events) screen.receive(event);
  return out.slice(1).map((line) => line.trimEnd().slice("14:03:11  ".length).replace(/\s{2,}/g, " | "));
}

function messageCreated(id: number, content: string | null): object {
  const message = { id, guid: `guid-${id}`, chat_id: 2, sender_name: "Mum", content, timestamp: null };
  return { event: "message.created", data: { message: { ...message, is_from_me: false } } };
}

function attachmentCreated(id: number, message_id: number, file_name: string, mime_type: string): object {
  return { event: "attachment.created", data: { attachment: { id, file_name, mime_type }, message_id } };
}

Deno.test("DemoScreen makes one line of a message without text and its files, and two where there is a text", () => {
  const files = `
    INSERT INTO messages (id, chat_id) VALUES (1, 2), (2, 2), (3, 2);
    INSERT INTO attachments VALUES (1, 1, 'IMG_7731.HEIC', 'image/heic'), (2, 1, 'IMG_7732.HEIC', 'image/heic'),
      (3, 2, 'menu.pdf', 'application/pdf')`;
  const events = [
    messageCreated(1, null),
    messageCreated(2, "look"),
    messageCreated(3, null),
    attachmentCreated(1, 1, "IMG_7731.HEIC", "image/heic"),
    attachmentCreated(2, 1, "IMG_7732.HEIC", "image/heic"),
    attachmentCreated(3, 2, "menu.pdf", "application/pdf"),
    // Of a later commit than its message.
    attachmentCreated(4, 3, "late.mov", "video/quicktime"),
  ];
  assert.deepEqual(told(files, events), [
    "Doyles | Mum sent 2 pictures: IMG_7731.HEIC, IMG_7732.HEIC",
    "Doyles | Mum: look",
    "Doyles | Mum sent something without text",
    "Doyles | File: menu.pdf",
    "Doyles | Video: late.mov",
  ]);
});

Deno.test("DemoScreen names both when two contacts are one person, and when they are two again", () => {
  const data = { from_id: 4, into_id: 3, messages: 1 };
  assert.deepEqual(told("", [{ event: "contact.merged", data }, { event: "contact.unmerged", data }]), [
    "── Contacts | +16465550126 and Luca Ferretti are one person (1 message)",
    "── Contacts | +16465550126 and Luca Ferretti are two contacts again",
  ]);
});
