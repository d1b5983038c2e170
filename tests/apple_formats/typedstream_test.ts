import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { TypedStreamReader, Unarchiver } from "@parseaple/typedstream";
import fc from "fast-check";
import { cases } from "../../fixtures/typedstream/make.ts";
import { type BodyOptions, encodeAttributedBody } from "../../src/simulator/attributed_body.ts";
import { decodeAttributedBody, fastText, libraryText } from "../../src/apple_formats/typedstream.ts";

/** fast-check prints the seed with every failure; CHATSTATS_TEST_SEED runs it again. */
const SEED = Number(Deno.env.get("CHATSTATS_TEST_SEED") ?? Math.trunc(Math.random() * 0x7fffffff));
const LONG = Deno.env.get("CHATSTATS_TEST_LONG") === "1";
const RUNS = { seed: SEED, verbose: 1, numRuns: LONG ? 3000 : 500 } as const;

const KINDS: readonly BodyOptions[] = [
  {},
  { mutable: true },
  { mutableString: true },
  { mutable: true, mutableString: true },
];

const LENGTHS = [0, 1, 127, 128, 255, 256, 32_767, 32_768, 65_535, 65_536];

const HAZARDS: Readonly<Record<string, string>> = {
  "class names": "NSString NSDictionary NSNumber NSMutableString NSAttributedString",
  "the bytes 86 84": "\u0086\u0084 \u0186\u0184 \u0086\u0084\u0002iI",
  "a BOM": "\uFEFFfirst, and in the middle \uFEFF",
  "NUL": "a\0b\0",
  "emoji with modifiers": "👩🏽‍🚀👨‍👩‍👧‍👦🇳🇱☎️",
  "right-to-left text": "\u200Fשלום \u202Bمرحبا\u202C",
  "combining marks": "e\u0301 n\u0303",
  "placeholders": "\uFFFC and \uFFFC",
  "a beginning of its own": "streamtyped\x01+\x05hello",
  "line ends": " \r\n\t\u2028 ",
};

/** typedstream.md's recipe in its plainest form, apart from our own: what the library says. */
function oracle(body: Uint8Array): string | null {
  try {
    const reader = new TypedStreamReader(Buffer.from(body));
    let name = "";
    for (let next = reader.next(); !next.done; next = reader.next()) {
      const event = next.value;
      if (event instanceof Uint8Array) {
        reader.next();
        if (reader.next().done || !/^NS(Mutable)?String$/.test(name)) return null;
        return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(event);
      }
      if (typeof event !== "object") continue;
      if ("encodings" in event && event.encodings.join() === "@") name = "";
      if ("version" in event && name === "") name = event.name;
    }
    return null;
  } catch {
    return null;
  }
}

function textOf(body: Uint8Array): string | null {
  const decoded = decodeAttributedBody(body);
  return decoded.ok ? decoded.text : null;
}

function unarchivedText(body: Uint8Array): unknown {
  const root: unknown = Unarchiver.open(Buffer.from(body)).decodeSingleRoot();
  return root instanceof Object && "string" in root ? root.string : undefined;
}

function unarchivedRuns(body: Uint8Array): unknown {
  const root: unknown = Unarchiver.open(Buffer.from(body)).decodeSingleRoot();
  return root instanceof Object && "runs" in root ? root.runs : undefined;
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

/** All readers against one text, with nothing left to chance. */
function assertReadAlike(text: string, body: Uint8Array, what: string): void {
  assert.equal(textOf(body), text, `decodeAttributedBody: ${what}`);
  assert.equal(fastText(body), text, `fastText: ${what}`);
  assert.deepEqual(libraryText(body), { ok: true, text }, `libraryText: ${what}`);
  assert.equal(oracle(body), text, `oracle: ${what}`);
  assert.equal(unarchivedText(body), text, `Unarchiver: ${what}`);
}

Deno.test("encodeAttributedBody() gives Apple's bytes when the text is a known one", () => {
  // A real body, as it stands in imessage-exporter's tests.
  const known =
    "\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@\x84\x84\x84\x12NSAttributedString\x00\x84\x84\x08NSObject" +
    "\x00\x85\x92\x84\x84\x84\x08NSString\x01\x94\x84\x01+\x06Noter \x86\x84\x02iI\x01\x06\x92\x84\x84\x84\x0c" +
    "NSDictionary\x00\x94\x84\x01i\x01\x92\x84\x96\x96\x1d__kIMMessagePartAttributeName\x86\x92\x84\x84\x84\x08" +
    "NSNumber\x00\x84\x84\x07NSValue\x00\x94\x84\x01*\x84\x99\x99\x00\x86\x86\x86";
  assert.deepEqual(encodeAttributedBody("Noter "), Uint8Array.from(known, (char) => char.charCodeAt(0)));
});

for (const [index, kind] of KINDS.entries()) {
  Deno.test(`decodeAttributedBody() gives the whole text when it has any length, kind ${index}`, () => {
    for (const length of LENGTHS) {
      assertReadAlike("x".repeat(length), encodeAttributedBody("x".repeat(length), kind), `${length} bytes`);
      for (const char of ["é", "€", "👍"]) {
        const size = Buffer.byteLength(char);
        for (const pad of [0, 1, 2, 3]) {
          const text = "y".repeat(pad) + char.repeat(Math.ceil(length / size));
          assertReadAlike(text, encodeAttributedBody(text, kind), `${pad} + ${char} across ${length}`);
        }
      }
    }
  });

  Deno.test(`decodeAttributedBody() gives the whole text when it looks like the format, kind ${index}`, () => {
    for (const [what, text] of Object.entries(HAZARDS)) {
      assertReadAlike(text, encodeAttributedBody(text, kind), what);
      assertReadAlike(text, encodeAttributedBody(text, { ...kind, noAttributes: true }), `${what}, bare`);
      const long = text.repeat(20);
      assertReadAlike(long, encodeAttributedBody(long, kind), `${what}, long`);
    }
  });

  Deno.test(`decodeAttributedBody() gives nothing when a body is cut within its text, kind ${index}`, () => {
    for (const text of ["Noter ", "é€👍", "x".repeat(130), "NSString \u0086\u0084 NSDictionary"]) {
      const body = encodeAttributedBody(text, kind);
      const end = Buffer.concat([Buffer.from(text), Buffer.of(0x86, 0x84, 2)]);
      const needed = Buffer.from(body).indexOf(end) + Buffer.byteLength(text) + 1;
      for (let size = 0; size < body.length; size++) {
        const cut = body.slice(0, size);
        const expected = size >= needed ? text : null;
        assert.equal(textOf(cut), expected, `${size} of ${body.length} bytes`);
        assert.equal(oracle(cut), expected, `${size} of ${body.length} bytes, oracle`);
        assert.ok([null, expected].includes(fastText(cut)), `${size} of ${body.length} bytes, fastText`);
      }
    }
  });
}

Deno.test("decodeAttributedBody() gives the text when the bytes are a view into a larger buffer", () => {
  for (const options of [{}, { mutable: true }]) {
    const body = encodeAttributedBody("a view", options);
    const larger = new Uint8Array(body.length + 40).fill(0x86);
    larger.set(body, 17);
    const view = larger.subarray(17, 17 + body.length);
    assertReadAlike("a view", view, "view");
    // What lies behind the view must not complete a cut-off text.
    const cut = larger.subarray(17, 17 + body.indexOf("w".charCodeAt(0), 70) + 1);
    assert.equal(textOf(cut), null);
  }
});

Deno.test("decodeAttributedBody() gives the text when what follows it cannot be read", () => {
  const body = encodeAttributedBody("kept");
  const behind = Buffer.from(body).indexOf("kept") + 5;
  const int64 = latin1(
    "\x84\x02iI\x01\x04\x92\x84\x84\x84\x08NSNumber\x00\x94\x84\x01q\x87\x00\x00\x00\x00\x00\x00\x00\x01",
  );
  for (const rest of [int64, latin1("\xff\xff"), new Uint8Array()]) {
    const other = Buffer.concat([body.subarray(0, behind), rest]);
    assert.equal(textOf(other), "kept");
    assert.deepEqual(libraryText(other), { ok: true, text: "kept" });
  }
});

Deno.test("decodeAttributedBody() asks the library when the beginning is not a usual one", () => {
  const subclass = latin1(
    "\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@\x84\x84\x84\x08NSString\x01\x84\x84\x08NSObject\x00\x85\x84\x01+\x02hi\x86",
  );
  assert.equal(fastText(subclass), null);
  assert.deepEqual(decodeAttributedBody(subclass), { ok: true, text: "hi" });
});

Deno.test("fastText() has no opinion when the length has an unusual form", () => {
  // 0x96 is the signed byte -106, which the library reads as 150.
  const text = "z".repeat(150);
  const usual = encodeAttributedBody(text);
  const at = usual.indexOf(0x2b) + 1;
  const odd = Uint8Array.from([...usual.subarray(0, at), 0x96, ...usual.subarray(at + 3)]);
  assert.equal(fastText(odd), null);
  assert.deepEqual(decodeAttributedBody(odd), { ok: true, text });
});

Deno.test("decodeAttributedBody() refuses when the first bytes belong to another class", () => {
  const data = latin1(
    "\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@\x84\x84\x84\x06NSData\x00\x84\x84\x08NSObject\x00\x85\x84\x01+\x02hi\x86",
  );
  assert.deepEqual(decodeAttributedBody(data), { ok: false, reason: "no text found" });
  const afterString = latin1(
    "\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@\x84\x84\x84\x08NSString\x01\x84\x84\x08NSObject\x00\x85\x92\x84\x84\x84\x06NSData\x00\x94\x84\x01+\x02hi\x86\x86",
  );
  assert.deepEqual(decodeAttributedBody(afterString), { ok: false, reason: "no text found" });
});

Deno.test("decodeAttributedBody() keeps the text out of its reason when a body is damaged", () => {
  const secret = "private";
  const body = encodeAttributedBody(secret);
  const reasons = new Set<string>();
  for (let at = 0; at < body.length; at++) {
    for (let value = 0; value < 256; value += 3) {
      const decoded = decodeAttributedBody(body.map((byte, index) => index === at ? value : byte));
      if (!decoded.ok) reasons.add(decoded.reason);
    }
  }
  const known = ["damaged", "no text found", "not UTF-8", "truncated"];
  assert.deepEqual([...reasons].filter((reason) => !known.includes(reason)), []);
});

Deno.test("decodeAttributedBody() ends soon when a damaged count or encoding is huge", () => {
  const start = latin1("\x04\x0bstreamtyped\x81\xe8\x03\x84");
  const encodings = [
    "[4000000000!]",
    "[4000000000{}]",
    "{".repeat(60_000) + "}".repeat(60_000),
    "[1".repeat(30_000),
  ];
  const began = performance.now();
  for (const encoding of encodings) {
    const length = [0x82, ...new Uint8Array(Uint32Array.of(encoding.length).buffer)];
    const body = Uint8Array.from([...start, ...length, ...latin1(encoding), ...new Uint8Array(50)]);
    assert.equal(decodeAttributedBody(body).ok, false);
  }
  // Without the limits the first of them alone runs for minutes.
  assert.ok(performance.now() - began < 2000);
});

Deno.test("decodeAttributedBody() reads the next body when the one before was not UTF-8", () => {
  const bad = encodeAttributedBody("abc").map((byte) => byte === 0x62 ? 0xe2 : byte);
  assert.equal(textOf(bad), null);
  assert.equal(textOf(encodeAttributedBody("\u00a1next")), "\u00a1next");
});

const anyText = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.constantFrom(...Object.values(HAZARDS)),
  fc.tuple(fc.constantFrom("x", "é", "€", "👍"), fc.integer({ min: 20, max: 300 })).map(([char, n]) =>
    char.repeat(n)
  ),
).map((text) => text.toWellFormed());

const anyBody = fc.tuple(anyText, fc.constantFrom(...KINDS), fc.boolean())
  .map(([text, kind, noAttributes]) => ({
    text,
    body: encodeAttributedBody(text, { ...kind, noAttributes }),
  }));

Deno.test("fastText() gives the text when a body is sound", () => {
  fc.assert(
    fc.property(anyBody, ({ text, body }) => {
      assert.equal(fastText(body), text);
      assert.equal(oracle(body), text);
    }),
    RUNS,
  );
});

/** Offsets near the text's length are where damage hurts; half of all damage goes there. */
const damage = fc.array(
  fc.record({
    place: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 60, max: 125 })),
    bit: fc.integer({ min: 0, max: 7 }),
  }),
  { maxLength: 3 },
);

Deno.test("fastText() answers as the library does, or not at all, when a body is cut or has flipped bits", () => {
  const numRuns = LONG ? 5000 : 1500;
  const answers = { given: 0, withheld: 0 };
  fc.assert(
    fc.property(
      anyBody,
      damage,
      fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      ({ body }, flips, cut) => {
        const harmed = cut === null ? body.slice() : body.slice(0, Math.floor(cut * body.length));
        for (const { place, bit } of flips) {
          const at = place <= 1 ? Math.floor(place * harmed.length) : place;
          const byte = harmed[at];
          if (byte !== undefined) harmed[at] = byte ^ (1 << bit);
        }
        const fast = fastText(harmed);
        const library = oracle(harmed);
        if (fast !== null) assert.equal(fast, library);
        assert.equal(textOf(harmed), library);
        answers[fast === null ? "withheld" : "given"]++;
      },
    ),
    { ...RUNS, numRuns },
  );
  const least = numRuns / 25;
  assert.ok(answers.given > least && answers.withheld > least, `one-sided: ${JSON.stringify(answers)}`);
});

Deno.test("decodeAttributedBody() answers without throwing when the bytes are random", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, headed) => {
      const body = headed ? Uint8Array.from([...latin1("\x04\x0bstreamtyped\x81\xe8\x03"), ...bytes]) : bytes;
      assert.equal(textOf(body), oracle(body));
    }),
    RUNS,
  );
});

Deno.test("encodeAttributedBody() gives the same bytes by its short cut when the one part is spelt out", () => {
  fc.assert(
    fc.property(anyText, fc.constantFrom(...KINDS), (text, kind) => {
      const parts = [{ part: 0, length: text.length }];
      assert.deepEqual(encodeAttributedBody(text, kind), encodeAttributedBody(text, { ...kind, parts }));
    }),
    { ...RUNS, numRuns: 500 },
  );
  for (const text of LENGTHS.flatMap((length) => ["x".repeat(length), "€".repeat(length)])) {
    const parts = [{ part: 0, length: text.length }];
    assert.deepEqual(
      encodeAttributedBody(text),
      encodeAttributedBody(text, { parts }),
      `${text.length} units`,
    );
  }
});

Deno.test("encodeAttributedBody() describes runs in UTF-16 units when there are attachments, mentions and links", () => {
  const text = "👍 \uFFFC@Jane https://x.org\uFFFC";
  const body = encodeAttributedBody(text, {
    attachmentGuids: ["at_1_A", "at_3_B"],
    mentions: [{ start: 4, length: 5, handle: "jane@example.com" }],
    links: [{ start: 10, length: 13, url: "https://x.org" }],
  });
  assertReadAlike(text, body, "runs");
  const part = (number: number) => ({ __kIMMessagePartAttributeName: number });
  assert.deepEqual(unarchivedRuns(body), [
    { range: [0, 3], attributes: part(0) },
    { range: [3, 1], attributes: { __kIMFileTransferGUIDAttributeName: "at_1_A", ...part(1) } },
    { range: [4, 5], attributes: { __kIMMentionConfirmedMention: "jane@example.com", ...part(2) } },
    { range: [9, 1], attributes: part(2) },
    // The library has no NSURL, so that its dictionary shows no value.
    { range: [10, 13], attributes: { __kIMLinkAttributeName: undefined, ...part(2) } },
    { range: [23, 1], attributes: { __kIMFileTransferGUIDAttributeName: "at_3_B", ...part(3) } },
  ]);
});

Deno.test("encodeAttributedBody() refers to an earlier dictionary when a run has the same attributes", () => {
  const body = encodeAttributedBody("a@b c", { mentions: [{ start: 1, length: 2, handle: "b" }] });
  const part = { __kIMMessagePartAttributeName: 0 };
  assert.deepEqual(unarchivedRuns(body), [
    { range: [0, 1], attributes: part },
    { range: [1, 2], attributes: { __kIMMentionConfirmedMention: "b", ...part } },
    { range: [3, 2], attributes: part },
  ]);
  // The encoding "iI" by its number, dictionary 1, two units, end.
  assert.deepEqual([...body.subarray(-4)], [0x97, 1, 2, 0x86]);
});

Deno.test("encodeAttributedBody() numbers the parts as asked when they are given", () => {
  const body = encodeAttributedBody("one two", { parts: [{ part: 0, length: 4 }, { part: 200, length: 3 }] });
  assert.deepEqual(unarchivedRuns(body), [
    { range: [0, 4], attributes: { __kIMMessagePartAttributeName: 0 } },
    { range: [4, 3], attributes: { __kIMMessagePartAttributeName: 200 } },
  ]);
  const attached = encodeAttributedBody("a\uFFFCb", {
    parts: [{ part: 7, length: 3 }],
    attachmentGuids: ["at_7_A"],
  });
  const part = { __kIMMessagePartAttributeName: 7 };
  assert.deepEqual(unarchivedRuns(attached), [
    { range: [0, 1], attributes: part },
    { range: [1, 1], attributes: { __kIMFileTransferGUIDAttributeName: "at_7_A", ...part } },
    { range: [2, 1], attributes: part },
  ]);
});

Deno.test("encodeAttributedBody() refuses when options don't fit the text", () => {
  const wrong: readonly BodyOptions[] = [
    { parts: [{ part: 0, length: 2 }] },
    { attachmentGuids: ["at_0_A"] },
    { mentions: [{ start: 2, length: 2, handle: "x" }] },
    { links: [{ start: 0, length: 0, url: "x" }] },
  ];
  for (const options of wrong) {
    assert.throws(() => encodeAttributedBody("abc", options), { name: "LiveSyncError", code: "bad_body" });
  }
});

const FIXTURES = new URL("../../fixtures/typedstream/", import.meta.url);

Deno.test("fixtures/typedstream holds what make.ts makes when it is run again", () => {
  const folders = [...Deno.readDirSync(FIXTURES)].filter((entry) => entry.isDirectory).map(({ name }) =>
    name
  );
  assert.deepEqual(folders.sort(), cases().map(({ name }) => name));
  for (const { name, body, expected } of cases()) {
    const stored = Deno.readFileSync(new URL(`${name}/body.bin`, FIXTURES));
    assert.ok(Buffer.from(body).equals(stored), `${name}/body.bin differs: run fixtures/typedstream/make.ts`);
    const json = Deno.readTextFileSync(new URL(`${name}/expected.json`, FIXTURES));
    assert.equal(json, JSON.stringify(expected, null, 2) + "\n", name);
  }
});

for (const { name } of cases()) {
  Deno.test(`decodeAttributedBody() gives expected.json when it reads fixtures/typedstream/${name}`, () => {
    const folder = new URL(`${name}/`, FIXTURES);
    const body = Deno.readFileSync(new URL("body.bin", folder));
    const expected: unknown = JSON.parse(Deno.readTextFileSync(new URL("expected.json", folder)));
    assert.deepEqual(decodeAttributedBody(body), expected);
    assert.deepEqual(libraryText(body), expected);
  });
}
