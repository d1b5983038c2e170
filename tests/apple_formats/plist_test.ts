import assert from "node:assert/strict";
import fc from "fast-check";
import { encodeBinaryPlist, type PlistValue as Written } from "../../src/simulator/binary_plist.ts";
import { decodePlist, type PlistValue } from "../../src/apple_formats/plist.ts";
import { testSeed } from "../support/seed.ts";

const RUNS = { seed: testSeed(), verbose: 1, numRuns: 1000 } as const;

/** By Python 3's plistlib, which shares no code with ours: every kind of object, sizes above 14, references that repeat. */
const BY_PLISTLIB = Uint8Array.fromBase64(
  "YnBsaXN0MDDfEA8BAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGh0eHyBTbmVnU29uZVN0d29UZm91clVlaWdodFdzaXh0ZWVuVHJl" +
    "YWxUZGF0ZVRkYXRhVGxvbmdWc2hhcmVkUm5vU3llc1N1aWRVZW1wdHkT//////////0Q/xGcQBKy0F4AEwAgAAAAAAAAFAAAAAAA" +
    "AAAAgAAAAAAAAAUjQcRnzqagAAAzQcRnzogAAABPEBAAAQIDBAUGBwgJCgsMDQ4PbxAQAOkA6QDpAOkA6QDpAOkA6QDpAOkA6QDp" +
    "AOkA6QDpAOmjGxscUXihGwgJgAfQCCktMTU6QEhNUldcY2ZqbnR9f4KHkKGqs8bp7e/x8vP1AAAAAAAAAQEAAAAAAAAAIQAAAAAA" +
    "AAAAAAAAAAAAAPY=",
);

interface Changes {
  readonly root?: number;
  readonly offsets?: readonly number[];
  readonly offsetSize?: number;
  readonly referenceSize?: number;
  readonly count?: number;
}

/** A list of hand-made objects: one byte per reference, two per offset. */
function listOf(objects: readonly (readonly number[])[], changes: Changes = {}): Uint8Array {
  const bytes = [...new TextEncoder().encode("bplist00")];
  const offsets = objects.map((object) => bytes.push(...object) - object.length);
  const table = bytes.length;
  for (const offset of changes.offsets ?? offsets) bytes.push(offset >> 8, offset & 0xff);
  const trailer = new DataView(new ArrayBuffer(32));
  trailer.setUint8(6, changes.offsetSize ?? 2);
  trailer.setUint8(7, changes.referenceSize ?? 1);
  trailer.setBigUint64(8, BigInt(changes.count ?? changes.offsets?.length ?? objects.length));
  trailer.setBigUint64(16, BigInt(changes.root ?? 0));
  trailer.setBigUint64(24, BigInt(table));
  return Uint8Array.from([...bytes, ...new Uint8Array(trailer.buffer)]);
}

function read(bytes: Uint8Array): PlistValue {
  const decoded = decodePlist(bytes);
  assert.ok(decoded.ok, "a sound list was refused");
  return decoded.value;
}

function xml(content: string): Uint8Array {
  return new TextEncoder().encode(`<?xml version="1.0"?><plist version="1.0">${content}</plist>`);
}

const DAMAGED = { ok: false, reason: "damaged" };

Deno.test("decodePlist() gives every kind of value when another program wrote the list", () => {
  assert.deepEqual(
    read(BY_PLISTLIB),
    new Map<string, unknown>([
      ["neg", -3],
      ["one", 255],
      ["two", 40_000],
      ["four", 3_000_000_000],
      ["eight", 2n ** 53n],
      ["sixteen", 2n ** 63n + 5n],
      ["real", 684_694_861.25],
      ["date", 684_694_800],
      ["data", Uint8Array.from({ length: 16 }, (_, i) => i)],
      ["long", "é".repeat(16)],
      ["shared", ["x", "x", ["x"]]],
      ["no", false],
      ["yes", true],
      ["uid", 7],
      ["empty", new Map()],
    ]),
  );
});

Deno.test("decodePlist() gives every kind of value when the list is XML", () => {
  const decoded = read(new TextEncoder().encode(
    `\uFEFF<?xml version="1.0" encoding="UTF-8"?>
    <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
    <!-- <array> --><plist version="1.0"><dict>
      <key>a &amp; &#x62;&#99;</key><array><integer>-3</integer><integer>0x1F</integer><real>1.5e3</real></array>
      <key>big</key><integer>9223372036854775813</integer>
      <key>date</key><date>2022-09-12T17:00:00Z</date>
      <key>data</key><data>
        AAEC
        Aw==
      </data>
      <key>text</key><string> é<!-- not this --> &lt;<![CDATA[<b>&amp;]]></string>
      <key>empty</key><array><dict/><array></array><string/><data/></array>
      <key>yes</key><true/><key>no</key><false></false>
    </dict></plist>`,
  ));
  assert.deepEqual(
    decoded,
    new Map<string, unknown>([
      ["a & bc", [-3, 31, 1500]],
      ["big", 9_223_372_036_854_775_813n],
      ["date", 684_694_800],
      ["data", Uint8Array.of(0, 1, 2, 3)],
      ["text", " é <<b>&amp;"],
      ["empty", [new Map(), [], "", new Uint8Array()]],
      ["yes", true],
      ["no", false],
    ]),
  );
});

Deno.test("decodePlist() refuses when XML is not as a list is", () => {
  const bad = [
    "",
    "<string>open",
    "<string>a</data>",
    "<dict><string>no key</string><true/></dict>",
    "<dict><key>alone</key></dict>",
    "words<true/>",
    "<array>words</array>",
    "<integer>1.5</integer>",
    "<integer></integer>",
    "<real>one</real>",
    "<real>1e999</real>",
    "<date>today</date>",
    "<date>2022-99-12T17:00:00Z</date>",
    "<data>%%</data>",
    "<string>&unknown;</string>",
    "<string>&#x110000;</string>",
    "<string>&amp</string>",
    "<thing/>",
    "<true/><true/>",
    "<!-- open",
  ];
  for (const content of bad) assert.deepEqual(decodePlist(xml(content)), DAMAGED, content);
  const notUtf8 = xml("<string>~</string>").map((byte) => byte === "~".charCodeAt(0) ? 0xff : byte);
  assert.deepEqual(decodePlist(notUtf8), DAMAGED);
});

const anyWritten: fc.Arbitrary<Written> = fc.letrec<{ value: Written }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.boolean(),
    fc.string({ unit: "grapheme", maxLength: 20 }),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.double(),
    fc.uint8Array({ maxLength: 20 }),
    fc.array(tie("value"), { maxLength: 17 }),
    fc.dictionary(fc.string({ maxLength: 17 }), tie("value"), { maxKeys: 17, noNullPrototype: true }),
  ),
})).value;

/** A written value as it should come back. */
function expected(value: Written): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (typeof value !== "object" || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(expected);
  return new Map(Object.entries(value).map(([key, each]) => [key, expected(each)]));
}

Deno.test("decodePlist() gives what encodeBinaryPlist() wrote when it is any value", () => {
  fc.assert(
    fc.property(anyWritten, (value) => {
      assert.deepEqual(read(encodeBinaryPlist(value)), expected(value));
    }),
    RUNS,
  );
});

Deno.test("decodePlist() answers without throwing when a list is damaged anyhow", () => {
  const damage = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(anyWritten, fc.array(damage, { minLength: 1, maxLength: 4 }), (value, damages) => {
      const bytes = encodeBinaryPlist(value);
      for (const [at, byte] of damages) bytes[at % bytes.length] = byte;
      const decoded = decodePlist(bytes);
      assert.ok(decoded.ok || ["damaged", "not a plist"].includes(decoded.reason));
    }),
    { ...RUNS, numRuns: 3000 },
  );
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.constantFrom("", "bplist00", "<plist>"),
      (bytes, head) => {
        const decoded = decodePlist(Uint8Array.from([...new TextEncoder().encode(head), ...bytes]));
        assert.ok(decoded.ok || typeof decoded.reason === "string");
      },
    ),
    RUNS,
  );
  fc.assert(
    fc.property(
      fc.array(
        fc.constantFrom("<dict>", "</dict>", "<key>", "</key>", "<array>", "&", "<!--", "/>", "<", "a"),
      ),
      (words) => {
        assert.ok(
          ["damaged"].includes(reasonOf(xml(words.join("")))) || read(xml(words.join(""))) !== undefined,
        );
      },
    ),
    RUNS,
  );
});

function reasonOf(bytes: Uint8Array): string {
  const decoded = decodePlist(bytes);
  return decoded.ok ? "" : decoded.reason;
}

Deno.test("decodePlist() refuses when a list is cut off anywhere", () => {
  for (let size = 0; size < BY_PLISTLIB.length; size++) {
    const reason = size < 8 ? "not a plist" : "damaged";
    assert.deepEqual(decodePlist(BY_PLISTLIB.slice(0, size)), { ok: false, reason }, `${size} bytes`);
  }
});

Deno.test("decodePlist() gives an object at each of its places when several name it", () => {
  assert.deepEqual(read(listOf([[0xa2, 1, 1], [0xa1, 2], [0x10, 7]])), [[7], [7]]);
  assert.deepEqual(read(listOf([[0x51, 0x78], [0xa2, 0, 0]], { root: 1 })), ["x", "x"]);
  assert.deepEqual(read(listOf([[0x00]])), null);
});

Deno.test("decodePlist() gives an integer whole when it has 16 bytes", () => {
  const sixteen = (head: number, low: number) => [0x14, 0, 0, 0, 0, 0, 0, 0, head, 0, 0, 0, 0, 0, 0, 0, low];
  assert.equal(read(listOf([sixteen(1, 2)])), 2n ** 64n + 2n);
  assert.equal(read(listOf([sixteen(0, 2)])), 2);
  assert.equal(read(listOf([[0x14, ...new Array<number>(16).fill(0xff)]])), -1);
});

Deno.test("decodePlist() refuses when an object reaches beyond its bounds or has no such form", () => {
  const bad: Readonly<Record<string, Uint8Array>> = {
    "data longer than the list": listOf([[0x4f, 0x12, 0, 1, 0, 0, 1, 2, 3]]),
    "data that reach into the table": listOf([[0x43, 1, 2, 3], [0x44, 1, 2, 3]], { root: 1 }),
    "text that reaches into the table": listOf([[0x54, 0x61]]),
    "a dictionary cut off": listOf([[0xd2, 0]]),
    "an array cut off": listOf([[0xa2, 0]]),
    "an integer cut off": listOf([[0x13, 0, 0, 0, 0]]),
    "an integer of 32 bytes": listOf([[0x15, ...new Array<number>(32).fill(0)]]),
    "a real of two bytes": listOf([[0x21, 0, 0]]),
    "a date of four bytes": listOf([[0x32, 0, 0, 0, 0, 0, 0, 0, 0]]),
    "a size that is no integer": listOf([[0x4f, 0x50, 2, 1, 2]]),
    "a size of 16 bytes": listOf([[0x4f, 0x14, ...new Array<number>(15).fill(0), 1, 7]]),
    "a number of an object beyond 2^53": listOf([[0x87, ...new Array<number>(8).fill(0xff)]]),
    "a size beyond 2^53": listOf([[0x4f, 0x13, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]]),
    "a simple object of no kind": listOf([[0x01]]),
    "an object of no kind": listOf([[0xe0]]),
    "a reference to no object": listOf([[0xa1, 5]]),
    // Object 5 of 2 would have its offset in the trailer: 0x0201, where an object stands.
    "a reference into the trailer": listOf([[0xa1, 5], [
      0x4f,
      0x11,
      2,
      88,
      ...new Array<number>(600).fill(9),
    ]]),
    "a root that is no object": listOf([[0x09]], { root: 1 }),
    "an offset in the header": listOf([[0x09], [0x43, 1, 2, 3]], { offsets: [0] }),
    "offsets of no bytes": listOf([[0x09]], { offsetSize: 0, count: 2 ** 50 }),
    "references of no bytes": listOf([[0x09], [0xaf, 0x12, 5, 0xf5, 0xe1, 0]], { root: 1, referenceSize: 0 }),
    "an offset in the table": listOf([[0x09]], { offsets: [9] }),
    "an offset beyond the end": listOf([[0x09]], { offsets: [60_000] }),
    "a key that is no text": listOf([[0xd1, 1, 1], [0x10, 7]]),
    "text that is not UTF-8": listOf([[0x51, 0xff]]),
    "an array that holds itself": listOf([[0xa1, 0]]),
    "arrays that hold each other": listOf([[0xa1, 1], [0xa1, 0]]),
    "no objects": listOf([], { offsets: [] }),
  };
  for (const [what, bytes] of Object.entries(bad)) assert.deepEqual(decodePlist(bytes), DAMAGED, what);
  const trailerAlone = new Uint8Array(40);
  trailerAlone.set(new TextEncoder().encode("bplist00"));
  assert.deepEqual(decodePlist(trailerAlone), DAMAGED);
});

Deno.test("decodePlist() ends soon when a small list stands for a huge value", () => {
  const doubling = Array.from({ length: 60 }, (_, i) => [0xa2, i + 1, i + 1]);
  // 200 objects that are one and the same array of 15,000 references to the last object.
  const array = [0xaf, 0x11, 15_000 >> 8, 15_000 & 0xff, ...new Array<number>(15_000).fill(201)];
  const overlapping = listOf([[0xaf, 0x10, 200, ...Array.from({ length: 200 }, (_, i) => i + 1)], array, [
    0x09,
  ]], {
    offsets: [8, ...new Array<number>(200).fill(8 + 203), 8 + 203 + array.length],
  });
  const deep = Array.from({ length: 250 }, (_, i) => [0xa1, i + 1]);
  const began = performance.now();
  assert.ok(decodePlist(listOf([...doubling, [0x09]])).ok);
  assert.deepEqual(decodePlist(listOf([[0x09], [0xaf, 0x12, 5, 0xf5, 0xe1, 0]], { root: 1 })), DAMAGED);
  assert.deepEqual(decodePlist(overlapping), DAMAGED);
  assert.deepEqual(decodePlist(listOf([...deep, [0x09]])), DAMAGED);
  assert.deepEqual(decodePlist(xml("<array>".repeat(200_000))), DAMAGED);
  assert.deepEqual(decodePlist(xml("<!-- ".repeat(200_000))), DAMAGED);
  assert.deepEqual(decodePlist(xml(`<integer>${"9".repeat(500_000)}</integer>`)), DAMAGED);
  assert.ok(performance.now() - began < 2000);
});

Deno.test("decodePlist() refuses when there are more than 8 MiB", () => {
  assert.equal(reasonOf(new Uint8Array(8 * 1024 * 1024 + 1)), "too large");
  assert.equal(reasonOf(new Uint8Array(8 * 1024 * 1024)), "not a plist");
});

Deno.test("decodePlist() reads nothing beyond its bytes when they are a view into a larger buffer", () => {
  const larger = new Uint8Array(BY_PLISTLIB.length + 80).fill(0xa1);
  larger.set(BY_PLISTLIB, 33);
  assert.deepEqual(
    decodePlist(larger.subarray(33, 33 + BY_PLISTLIB.length)),
    decodePlist(BY_PLISTLIB),
  );
});
