import assert from "node:assert/strict";
import fc from "fast-check";
import { clipped, importLine, liveLine, passText } from "../../src/cli/state_line.ts";
import { clockTime, counted, duration, grouped, size, tally } from "../../src/cli/words.ts";
import { editDistance, nearest } from "../../src/cli/suggest.ts";

Deno.test("importLine() shows share, counts, rate and time left when the import runs for a while", () => {
  const progress = { done: 126_000, total: 300_000, elapsedMs: 3_000, doneBefore: 3_000 };
  assert.equal(
    importLine(progress, 120),
    "Importing ████████░░░░░░░░░░░░  42 %  126,000 of 300,000, 41,000/s, 4.2 s left",
  );
  assert.equal(
    importLine({ ...progress, elapsedMs: 10 }, 80),
    "Importing ███░░░░░  42 %  126,000 of 300,000",
  );
  assert.match(
    importLine({ ...progress, done: 300_000 }, 120),
    /100 % {2}300,000 of 300,000, .* finishing$/,
  );
  assert.match(importLine({ done: 0, total: 0, elapsedMs: 0, doneBefore: 0 }, 80), /0 of 0, finishing$/);
});

Deno.test("importLine() and liveLine() fit the terminal with room for ^C when it is narrow", () => {
  const count = fc.nat(100_000_000);
  fc.assert(
    fc.property(count, count, fc.nat(1e8), fc.integer({ min: 10, max: 200 }), (a, b, elapsedMs, columns) => {
      const progress = { done: Math.min(a, b), total: Math.max(a, b), elapsedMs, doneBefore: 0 };
      assert.ok([...importLine(progress, columns)].length <= columns - 3);
      const facts = {
        messages: a,
        chats: b,
        clients: 3,
        last: { at: new Date(0), what: "1 new" },
        latencyMs: 1,
      };
      assert.ok([...liveLine(facts, columns)].length <= columns - 3);
    }),
  );
});

Deno.test("liveLine() leaves out what is not known when nothing happened yet", () => {
  const at = new Date(2026, 10, 22, 14, 3, 11);
  const facts = { messages: 305_112, chats: 1, clients: 0, last: null, latencyMs: null };
  assert.equal(liveLine(facts, 80), "Live  305,112 messages in 1 chat");
  assert.equal(
    liveLine({ ...facts, last: { at, what: "2 new" }, latencyMs: 3.14 }, 80),
    "Live  305,112 messages in 1 chat | 14:03:11 2 new | 3 ms behind",
  );
});

Deno.test("passText() names only what a pass changed when it says what it did", () => {
  const none = { created: 0, updated: 0, deleted: 0, reactions: 0, attachments: 0 };
  assert.equal(passText(none), "other changes");
  assert.equal(
    passText({ ...none, created: 2, updated: 1, reactions: 1, attachments: 3 }),
    "2 new messages, 1 changed, 1 reaction, 3 attachments",
  );
});

Deno.test("clipped() ends with an ellipsis when the line is too long", () => {
  assert.equal(clipped("abcdefghij", 10), "abcdef…");
  assert.equal(clipped("abc", 10), "abc");
});

Deno.test("duration(), size(), grouped(), counted() and tally() read well when the numbers grow", () => {
  assert.deepEqual([0, 840, 4_180, 59_960, 185_000, 7_800_000].map(duration), [
    "0 ms",
    "840 ms",
    "4.2 s",
    "1 min 00 s",
    "3 min 05 s",
    "2 h 10 min",
  ]);
  assert.deepEqual([0, 999, 1_400, 123_456, 1_400_000_000].map(size), [
    "0 bytes",
    "999 bytes",
    "1.4 kB",
    "123 kB",
    "1.4 GB",
  ]);
  assert.deepEqual([0, 999, 1_000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
  assert.deepEqual([counted(1, "chat"), counted(0, "chat")], ["1 chat", "0 chats"]);
  assert.equal(tally([[1_000, "a"], [2, "b"]]), "  1,000  a\n      2  b\n");
  assert.equal(clockTime(new Date(2026, 0, 1, 4, 5, 6)), "04:05:06");
});

Deno.test("nearest() finds the word that was meant when it is mistyped, and none when nothing is near", () => {
  const flags = ["--port", "--token", "--database", "--messages-db", "--sync-cooldown"];
  const cases: [string, string | null][] = [
    ["--prot", "--port"],
    ["--PORT", "--port"],
    ["--databse", "--database"],
    ["--messages", "--messages-db"],
    ["--cooldown", "--sync-cooldown"],
    ["--xyzzyxyzzy", null],
    ["--", null],
  ];
  for (const [typed, expected] of cases) assert.equal(nearest(typed, flags), expected, typed);
});

Deno.test("editDistance() is 0 for equal words alone and the same both ways when any two are compared", () => {
  assert.equal(editDistance("prot", "port"), 1);
  fc.assert(fc.property(fc.string(), fc.string(), (a, b) => {
    assert.equal(editDistance(a, b), editDistance(b, a));
    assert.equal(editDistance(a, b) === 0, a === b);
  }));
});
