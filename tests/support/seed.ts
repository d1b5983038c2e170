/** Seed of the property tests: random, or CHATSTATS_TEST_SEED; fast-check prints it with a failure. */
export function testSeed(): number {
  const given = Deno.env.get("CHATSTATS_TEST_SEED");
  return given === undefined ? Math.trunc(Math.random() * 0x7fffffff) : Number(given);
}
