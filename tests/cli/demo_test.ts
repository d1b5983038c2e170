import assert from "node:assert/strict";
import { clip, demoLine, displayWidth, headingLine } from "../../src/cli/demo_lines.ts";
import { happenedIn } from "../../src/cli/demo_wire.ts";
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
  assert.match(stdout, /, [1-9] changes? of (a contact|contacts)\.\n/);
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
  assert.equal(happenedIn(updated({ date_edited: 7, content: "ho" }))?.text, "edited to: ho");
  assert.equal(happenedIn(updated({ date_retracted: 7 }))?.text, "unsent a message");
  assert.equal(happenedIn(updated({ date_read: 7 })), null);
  const reaction = {
    chat_id: 2,
    original_message_guid: "g",
    sender_name: "Nora",
    reaction_type: "love",
    emoji: null,
    timestamp: 9,
  };
  assert.equal(happenedIn({ event: "reaction.added", data: { reaction } })?.text, "❤️");
  const removed = happenedIn({ event: "reaction.removed", data: { reaction } });
  assert.deepEqual([removed?.text, removed?.writtenAt], ["takes back ❤️", null]);
  const contact = (previous_name: string | null, update_type = "name_updated") => ({
    event: "contact.updated",
    data: { contact_id: 3, name: "Helen Doyle", previous_name, update_type, identifiers: ["+16175550171"] },
  });
  assert.equal(happenedIn(contact("+16175550171"))?.text, "+16175550171 is Helen Doyle");
  assert.equal(happenedIn(contact("Mum"))?.text, "Mum is now called Helen Doyle");
  assert.equal(happenedIn(contact("Helen Doyle", "details_updated")), null);
  assert.equal(happenedIn(contact(null)), null);
  const both = happenedIn({ event: "contact.merged", data: { from_id: 4, into_id: 3, messages: 1 } });
  assert.deepEqual([both?.merged, both?.text], [{ fromId: 4, intoId: 3 }, "are one person (1 message)"]);
  for (const other of [{ type: "pong" }, null, 1, { event: "chat.updated", data: {} }]) {
    assert.equal(happenedIn(other), null);
  }
});
