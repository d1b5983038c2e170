import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { cases } from "../../fixtures/edit_history/make.ts";
import { encodeAttributedBody } from "../../src/simulator/attributed_body.ts";
import { encodeBinaryPlist } from "../../src/simulator/binary_plist.ts";
import { encodeEditSummary } from "../../src/simulator/operations/edit_summary.ts";
import { type EditHistory, readEditHistory, storedVersions } from "../../src/apple_formats/edit_history.ts";
import { testSeed } from "../support/seed.ts";

const RUNS = { seed: testSeed(), verbose: 1, numRuns: 400 } as const;
const FIXTURES = new URL("../../fixtures/edit_history/", import.meta.url);

Deno.test("fixtures/edit_history holds what make.ts makes when it is run again", () => {
  const folders = [...Deno.readDirSync(FIXTURES)].filter((entry) => entry.isDirectory).map(({ name }) =>
    name
  );
  assert.deepEqual(folders.sort(), cases().map(({ name }) => name));
  for (const { name, summary, expected } of cases()) {
    const stored = Deno.readFileSync(new URL(`${name}/summary.bin`, FIXTURES));
    assert.ok(
      Buffer.from(summary).equals(stored),
      `${name}/summary.bin differs: run fixtures/edit_history/make.ts`,
    );
    const json = Deno.readTextFileSync(new URL(`${name}/expected.json`, FIXTURES));
    assert.equal(json, JSON.stringify(expected, null, 2) + "\n", name);
  }
});

for (const { name } of cases()) {
  Deno.test(`readEditHistory() gives expected.json when it reads fixtures/edit_history/${name}`, () => {
    const folder = new URL(`${name}/`, FIXTURES);
    const summary = Deno.readFileSync(new URL("summary.bin", folder));
    const expected: unknown = JSON.parse(Deno.readTextFileSync(new URL("expected.json", folder)));
    assert.deepEqual(readEditHistory(summary), expected);
  });
}

/** The history of a sound summary. */
function read(summary: Uint8Array): Extract<EditHistory, { ok: true }> {
  const history = readEditHistory(summary);
  assert.ok(history.ok, "a sound summary was refused");
  return history;
}

const anyText = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }).map((text) =>
  text.toWellFormed()
);
/** Milliseconds from 2001-01-01 on, but for that instant itself, which means unset. */
const anyMs = fc.integer({ min: 1, max: 2 ** 40 });
const anyVersions = fc.array(fc.tuple(anyText, anyMs), { minLength: 1, maxLength: 6 });
/** What became of each part: nothing, edits, or an unsend. */
const anyParts = fc.array(fc.oneof(fc.constant("original"), anyVersions, fc.constant("unsent")), {
  minLength: 1,
  maxLength: 20,
});

Deno.test("readEditHistory() gives what the simulated app wrote when it is any history", () => {
  fc.assert(
    fc.property(anyParts, (parts) => {
      const numbered = [...parts.entries()];
      const edited = numbered.flatMap(([part, each]) =>
        typeof each === "string" ? [] : [[part, each] as const]
      );
      const unsent = numbered.filter(([, each]) => each === "unsent").map(([part]) => part);
      const history = read(encodeEditSummary({
        original: new Map(numbered.map(([part]) => [part, { start: part, length: 1 }])),
        versions: new Map(
          edited.map(([part, versions]) => [
            part,
            versions.map(([text, ms]) => ({ body: encodeAttributedBody(text), seconds: ms / 1000 })),
          ]),
        ),
        unsent: new Set(unsent),
      }));
      const isChanged = edited.length + unsent.length > 0;
      assert.deepEqual(
        history.parts.map(({ part, state }) => [part, state]),
        isChanged ? numbered.map(([part, each]) => [part, typeof each === "string" ? each : "edited"]) : [],
      );
      assert.deepEqual(
        storedVersions(history.parts),
        edited.flatMap(([part, versions]) =>
          versions.map(([text, ms], version) => ({
            part,
            version,
            content: text.replaceAll("\uFFFC", "") || null,
            editedAtMs: 978_307_200_000 + ms,
          }))
        ),
      );
      const some = unsent.length === parts.length ? "whole" : "part";
      assert.equal(history.unsent, unsent.length === 0 ? "none" : some);
      assert.equal(history.undecodable, 0);
    }),
    RUNS,
  );
});

const REASONS = ["not a plist", "damaged", "too large"];

function assertAnswered(history: EditHistory): void {
  if (!history.ok) assert.ok(REASONS.includes(history.reason));
  else for (const { content, isDecoded } of storedOf(history)) assert.ok(isDecoded || content === null);
}

function storedOf(history: Extract<EditHistory, { ok: true }>) {
  return history.parts.flatMap(({ versions }) => versions);
}

Deno.test("readEditHistory() answers without throwing when the bytes are any", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => assertAnswered(readEditHistory(bytes))),
    RUNS,
  );
  const damage = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(
      fc.constantFrom(...cases()),
      fc.array(damage, { minLength: 1, maxLength: 5 }),
      fc.nat(),
      ({ summary }, damages, cut) => {
        const bytes = summary.slice(0, cut % 4 === 0 ? cut % (summary.length + 1) : undefined);
        for (const [at, byte] of damages) if (bytes.length > 0) bytes[at % bytes.length] = byte;
        assertAnswered(readEditHistory(bytes));
      },
    ),
    { ...RUNS, numRuns: 2000 },
  );
});

Deno.test("readEditHistory() gives the same when the bytes are a view into a larger buffer", () => {
  for (const { name, summary } of cases()) {
    const larger = new Uint8Array(summary.length + 60).fill(0x52);
    larger.set(summary, 21);
    const view = larger.subarray(21, 21 + summary.length);
    assert.deepEqual(readEditHistory(view), readEditHistory(summary), name);
  }
});

Deno.test("readEditHistory() counts versions behind the thousandth when there are that many", () => {
  const entry = { t: encodeAttributedBody("again"), d: 1 };
  const history = read(encodeBinaryPlist({
    ec: { "0": Array.from({ length: 700 }, () => entry), "1": Array.from({ length: 700 }, () => entry) },
  }));
  assert.deepEqual(history.parts.map(({ versions }) => versions.length), [700, 300]);
  assert.equal(history.undecodable, 400);
});

Deno.test("readEditHistory() stops decoding when many versions name one huge body", () => {
  const history = read(sharedBody("x".repeat(7_000_000), 900));
  const [part] = history.parts;
  assert.ok(part);
  assert.deepEqual(
    part.versions.map(({ isDecoded }) => isDecoded).slice(0, 6),
    [true, true, true, true, false, false],
  );
  assert.equal(part.versions.length, 900);
  assert.equal(history.undecodable, 896);
});

/** A summary whose versions of part 0 are `count` times the same object; references of two bytes. */
function sharedBody(text: string, count: number): Uint8Array {
  const ascii = (word: string) => [0x50 | word.length, ...new TextEncoder().encode(word)];
  const body = encodeAttributedBody(text);
  const size = new Uint8Array(Uint32Array.of(body.length).buffer).reverse();
  const objects = [
    [0xd1, 0, 1, 0, 2],
    ascii("ec"),
    [0xd1, 0, 3, 0, 4],
    ascii("0"),
    [0xaf, 0x11, count >> 8, count & 0xff, ...Array.from({ length: count }, () => [0, 5]).flat()],
    [0xd1, 0, 6, 0, 7],
    ascii("t"),
  ].map((object) => Buffer.from(object));
  objects.push(Buffer.concat([Buffer.of(0x4f, 0x12), size, body]));
  const offsets = Buffer.alloc(objects.length * 4);
  let at = 8;
  for (const [i, object] of objects.entries()) {
    offsets.writeUInt32BE(at, i * 4);
    at += object.length;
  }
  const trailer = Buffer.alloc(32);
  trailer.set([4, 2], 6);
  trailer.writeUInt8(objects.length, 15);
  trailer.writeUInt32BE(at, 28);
  return Buffer.concat([Buffer.from("bplist00"), ...objects, offsets, trailer]);
}

Deno.test("storedVersions() leaves out what was unsent when Messages still has it", () => {
  const entry = (text: string) => ({ t: encodeAttributedBody(text), d: 10 });
  const history = read(encodeBinaryPlist({
    ec: { "0": [entry("secret"), entry("more secret")], "1": [entry("kept"), entry("kept too")] },
    otr: { "0": {}, "1": {} },
    rp: [0n],
  }));
  assert.deepEqual(history.parts.map(({ versions }) => versions.length), [2, 2]);
  assert.deepEqual(storedVersions(history.parts), [
    { part: 1, version: 0, content: "kept", editedAtMs: 978_307_210_000 },
    { part: 1, version: 1, content: "kept too", editedAtMs: 978_307_210_000 },
  ]);
});
