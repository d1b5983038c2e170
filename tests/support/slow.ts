/** Tests that take long for what they guard: in `deno task test:slow` and `test:long`, which .ci/run and people run. */
export const SLOW = ["CHATSTATS_TEST_SLOW", "CHATSTATS_TEST_LONG"].some((name) => Deno.env.get(name) === "1");

export const slowTest: (name: string, fn: () => void | Promise<void>) => void = SLOW
  ? (name, fn) => Deno.test(name, fn)
  : (name, fn) => Deno.test.ignore(name, fn);
