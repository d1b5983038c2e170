/**
 * `deno task test:long` alone: Messages' last connection is closed and opened again two hundred times, at several paces.
 * Linux only, for /proc/locks. The cases one by one: tests/live/reopen_test.ts.
 */
import { deepEqual, ok } from "node:assert/strict";
import { RunningProgram } from "../cli/support/program.ts";
import { until } from "../support/until.ts";
import { locksTest, lostLocks } from "../live/support/posix_locks.ts";
import { type Committed, ReopeningMessages } from "../live/support/reopening_messages.ts";
import { Scene } from "../live/support/scene.ts";
import { Witness } from "../live/support/witness.ts";

const LONG = Deno.env.get("CHATSTATS_TEST_LONG") === "1";
const ROUNDS = 200;
/** A new process of Messages, instead of a new connection, so often. */
const KILLED_EVERY = 25;

type Pace = (messages: ReopeningMessages, witness: Witness) => Promise<readonly Committed[]>;

async function several(messages: ReopeningMessages, count: number): Promise<Committed[]> {
  const written: Committed[] = [];
  for (let i = 0; i < count; i++) written.push(await messages.message(`${i} of ${count}`));
  return written;
}

/** What happens between an opening and the close. */
const PACES: Readonly<Record<string, Pace>> = {
  "nothing": () => Promise.resolve([]),
  "one message, closed at once": (messages) => several(messages, 1),
  "a few messages, closed at once": (messages) => several(messages, 7),
  "each message told of before the next": async (messages, witness) => {
    const written: Committed[] = [];
    for (let i = 0; i < 3; i++) {
      const one = await messages.message(`slow ${i}`);
      await witness.heardOf(one);
      written.push(one);
    }
    return written;
  },
  "carried over before the close": async (messages) => {
    const written = await several(messages, 2);
    await until(() => messages.checkpoint("TRUNCATE"), "the checkpoint");
    return written;
  },
  "more after a checkpoint": async (messages) => {
    const before = await several(messages, 2);
    await until(() => messages.checkpoint("RESTART"), "the checkpoint");
    return [...before, ...await several(messages, 2)];
  },
};

locksTest(
  "run loses nothing, tells all once and in order, and keeps its locks when Messages is reopened 200 times",
  async () => {
    await using scene = new Scene();
    let messages = await ReopeningMessages.start(scene.chatDb, 1);
    try {
      await using witness = await Witness.of(new RunningProgram(["run", "--sidecar", ...scene.flags]));
      const written: string[] = [];
      const paces = Object.values(PACES);
      for (let round = 0; round < ROUNDS; round++) {
        const between = await paces[round % paces.length]?.(messages, witness) ?? [];
        written.push(...between.map(({ guid }) => guid));
        if (round % KILLED_EVERY === KILLED_EVERY - 1) {
          await messages.kill();
          messages = await ReopeningMessages.start(scene.chatDb, 2 + round);
        } else {
          await messages.shut();
          await messages.open();
        }
      }
      const last = await messages.message("the last one");
      written.push(last.guid);
      await witness.heardOf(last);
      deepEqual(witness.told, written);
      deepEqual(lostLocks(witness.pid, [scene.chatDb, scene.database]), []);
      deepEqual(witness.warnings, []);
    } finally {
      await messages[Symbol.asyncDispose]();
    }
  },
  LONG,
);

/** So long after the last commit the poll is slow. */
const IDLE_MS = 31_000;

locksTest(
  "run tells of a message within a second when it was idle for half a minute before Messages was reopened",
  async () => {
    await using scene = new Scene();
    await using messages = await ReopeningMessages.start(scene.chatDb, 1);
    await using witness = await Witness.of(new RunningProgram(["run", "--sidecar", ...scene.flags]));
    const took: number[] = [];
    for (let i = 0; i < 2; i++) {
      await witness.heardOf(await messages.message("before"));
      // The one thing here that only time brings.
      await new Promise<void>((resolve) => setTimeout(resolve, IDLE_MS));
      await messages.shut();
      await messages.open();
      took.push(await witness.heardOf(await messages.message("after")));
    }
    ok(Math.min(...took) <= 1_000, took.join());
  },
  LONG,
);
