import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeKevents, encodeKevent, type Kevent, KEVENT_BYTES } from "../../src/platform/kevent.ts";
import { testSeed } from "../support/seed.ts";

const kevents: fc.Arbitrary<Kevent> = fc.record({
  ident: fc.maxSafeNat(),
  filter: fc.integer({ min: -0x8000, max: 0x7fff }),
  flags: fc.nat(0xffff),
  fflags: fc.integer({ min: 0, max: 0xffff_ffff }),
  data: fc.maxSafeInteger(),
  udata: fc.maxSafeNat(),
}, { noNullPrototype: true });

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

Deno.test("decodeKevents() gives back what encodeKevent() was given when several stand one after the other", () => {
  fc.assert(
    fc.property(fc.array(kevents, { maxLength: 5 }), fc.nat(40), (events, before) => {
      const bytes = concatenated([new Uint8Array(before), ...events.map(encodeKevent)]).subarray(before);
      assert.deepEqual(decodeKevents(bytes, events.length), events);
    }),
    { seed: testSeed() },
  );
});

Deno.test("encodeKevent() puts every field where the system's header has it when it is given one", () => {
  const bytes = encodeKevent({ ident: 0x1122, filter: -4, flags: 0x21, fflags: 0x67, data: -2, udata: 0x99 });
  assert.equal(
    bytes.toHex(),
    "2211000000000000" + "fcff" + "2100" + "67000000" + "feffffffffffffff" + "9900000000000000",
  );
});

Deno.test("decodeKevents() throws when there are fewer bytes than events", () => {
  assert.throws(() => decodeKevents(new Uint8Array(2 * KEVENT_BYTES - 1), 2), RangeError);
  assert.deepEqual(decodeKevents(new Uint8Array(0), 0), []);
});
