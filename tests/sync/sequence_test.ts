/**
 * Any sequence of what Messages does on any macOS release, also when macOS is upgraded in between, its WAL is cut off or
 * begins anew, the file is replaced, and we are started again or killed, ends in the database that one import of the final
 * file gives, but for what that file no longer has; and a client that knows nothing but the events ends there, too.
 */
import fc from "fast-check";
import { testSeed } from "../support/seed.ts";
import { playAndJudge } from "./support/sequence.ts";
import { beginnings, steps } from "./support/sequence_steps.ts";

const RUNS = Number(
  Deno.env.get("CHATSTATS_TEST_SEQUENCES") ?? (Deno.env.get("CHATSTATS_TEST_LONG") === "1" ? 300 : 5),
);
/** A red run looks for a shorter sequence, and for no longer than so many milliseconds. */
const SHRINK_MS = 20_000;

Deno.test("sync() ends in the database that one import gives, by events that lead there, whatever Messages and we do in any order", () => {
  let redSince: number | null = null;
  fc.assert(
    fc.property(steps, beginnings, (sequence, beginning) => {
      // What comes after it is taken for green: the shortest sequence so far is reported.
      if (redSince !== null && performance.now() - redSince > SHRINK_MS) return;
      try {
        playAndJudge(sequence, beginning);
      } catch (error) {
        redSince ??= performance.now();
        throw error;
      }
    }),
    { seed: testSeed(), numRuns: RUNS, verbose: 0 },
  );
});
