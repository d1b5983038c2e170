import assert from "node:assert/strict";
import fc from "fast-check";
import { regionOfMostHandles } from "../../src/people/region.ts";

/** fast-check prints the seed with every failure; CHATSTATS_TEST_SEED runs it again. */
const SEED = Number(Deno.env.get("CHATSTATS_TEST_SEED") ?? Math.trunc(Math.random() * 0x7fffffff));

Deno.test("regionOfMostHandles() gives the most frequent in capitals when several occur", () => {
  assert.equal(regionOfMostHandles(["us", "gb", null, "GB", "nl"]), "GB");
  assert.equal(regionOfMostHandles(["us"]), "US");
});

Deno.test("regionOfMostHandles() gives the first in the alphabet when two are as frequent", () => {
  assert.equal(regionOfMostHandles(["us", "gb", "nl", "gb", "us"]), "GB");
  assert.equal(regionOfMostHandles(["gb", "us"]), "GB");
});

Deno.test("regionOfMostHandles() gives null when no handle has a region", () => {
  assert.equal(regionOfMostHandles([]), null);
  assert.equal(regionOfMostHandles([null, "", " ", "usa", "001", "ß"]), null);
});

Deno.test("regionOfMostHandles() leaves out what is not two letters when it is the most frequent", () => {
  assert.equal(regionOfMostHandles(["", "", null, null, "zz1", " fr "]), "FR");
});

Deno.test("regionOfMostHandles() gives the same when the order or the case is another", () => {
  const anyCountry = fc.option(fc.constantFrom("us", "US", "gb", "GB", "nl", "de", "", "x"));
  fc.assert(
    fc.property(fc.array(anyCountry), fc.array(fc.nat()), (countries, keys) => {
      const shuffled = countries.map((country, index) => ({ country, key: keys[index] ?? 0 }))
        .sort((a, b) => a.key - b.key).map(({ country }) => country?.toUpperCase() ?? null);
      assert.equal(regionOfMostHandles(shuffled), regionOfMostHandles(countries));
    }),
    { seed: SEED, verbose: 1, numRuns: 500 },
  );
});
