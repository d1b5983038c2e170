import assert from "node:assert/strict";
import fc from "fast-check";
import { type Line, LineSplitter } from "../../src/notify/lines.ts";

function split(chunks: readonly Uint8Array[], limit: number): Line[] {
  const splitter = new LineSplitter(limit);
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.end()];
}

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("LineSplitter gives the same lines however the bytes are cut", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 20 }).map((line) => line.replaceAll("\n", ""));
  fc.assert(fc.property(fc.array(text), fc.array(fc.nat(200)), (lines, cuts) => {
    const all = bytes(lines.join("\n"));
    const edges = [0, ...cuts.map((cut) => Math.min(cut, all.length)).sort((a, b) => a - b), all.length];
    const chunks = edges.slice(1).map((edge, i) => all.subarray(edges[i], edge));
    const expected = lines.filter((line) => line.trim() !== "").map((line) => ({ text: line }));
    assert.deepEqual(split(chunks, 1_000), expected);
  }));
});

Deno.test("LineSplitter reports a long line once and reads on when it ends", () => {
  const chunks = [bytes("12345"), bytes("678"), bytes("90\nok\n123456789\n12345678")];
  assert.deepEqual(split(chunks, 8), [
    { problem: "too_large" },
    { text: "ok" },
    { problem: "too_large" },
    { text: "12345678" },
  ]);
});

Deno.test("LineSplitter reports a line when it is not UTF-8", () => {
  assert.deepEqual(split([new Uint8Array([0xff, 0x0a, 0x61])], 8), [{ problem: "not_utf8" }, { text: "a" }]);
});
