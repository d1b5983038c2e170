/**
 * kill −9 at every named step: the database ends like one that was never interrupted, and a client that resumes with
 * `after` has every event exactly once.
 */
import { deepEqual, equal, ok } from "node:assert/strict";
import { MIGRATIONS } from "../../src/store/migrate.ts";
import { Sidecar } from "../support/sidecar.ts";
import { judgeConversations } from "../sync/conversations/support/conversation_model.ts";
import { LABELS, labelsInSource } from "./support/labels.ts";
import { type Cut, isGone, Run, sync } from "./support/run.ts";
import { upgradeArgs } from "./support/upgrade_child.ts";

/** In `test:long` each step has files of its own, and is killed there more than once. */
const long = Deno.env.get("CHATSTATS_TEST_LONG") === "1";

/** The labels that share one set of files, one kill after the other, and are judged together. */
function scenes<Label extends string>(labels: readonly Label[]): (readonly Label[])[] {
  return long ? labels.map((label) => [label]) : [labels];
}

Deno.test("every named step of the source is one that a test kills at", () => {
  deepEqual(Object.values(LABELS).flat().toSorted(), labelsInSource());
});

for (const labels of scenes(LABELS.pass)) {
  Deno.test(`a sidecar killed at ${labels.join(", ")} loses and repeats nothing`, async () => {
    using run = Run.live();
    for (const [index, label] of labels.entries()) {
      for (const nth of long ? [1, 3] : [index % 2 === 0 ? 1 : 3]) {
        const sidecar = run.start({ label, nth });
        await run.resume(sidecar);
        while (!await isGone(sidecar)) run.write();
        await killed(run, sidecar);
      }
    }
    await run.judge();
  });
}

Deno.test("an import killed at each of its steps goes on where it stopped and ends like an uninterrupted one", async () => {
  using run = Run.beforeImport(6_000, 3);
  // In the order in which an import comes there.
  const cuts: readonly [Cut, phase: string | undefined][] = [
    [{ label: "import.begin.before_commit" }, undefined],
    [{ label: "import.begin.after_commit" }, "rows"],
    [{ label: "pass.in_transaction" }, "rows"],
    [{ label: "pass.before_commit", nth: 2 }, "rows"],
    [{ label: "pass.after_commit", nth: 2 }, "rows"],
    [{ label: "import.finish.before_transaction" }, "rows"],
    [{ label: "import.finish.in_transaction" }, "rows"],
    [{ label: "import.finish.before_commit" }, "rows"],
    [{ label: "import.finish.after_commit" }, "rest"],
    [{ label: "import.done.not_told" }, "done"],
  ];
  for (const label of LABELS.import) ok(cuts.some(([cut]) => cut.label === label), label);
  for (const [cut, phase] of cuts) {
    const sidecar = run.start(cut);
    await killed(run, sidecar);
    ok(!sidecar.lines.some((line) => line.event === "import.completed"));
    const stored = run.column("SELECT value FROM live_sync_state WHERE key = 'import.phase'");
    deepEqual(stored, phase === undefined ? [] : [phase], cut.label);
  }
  await run.judge();
});

Deno.test("an import that was killed tells its completion and one resync when it ends", async () => {
  using run = Run.beforeImport(3_000, 4);
  await killed(run, run.start({ label: "import.finish.before_commit" }));
  {
    await using last = run.start();
    await last.until((lines) => lines.some((line) => line.type === "resync"));
    const completed = last.lines.find((line) => line.event === "import.completed");
    ok(completed?.["data"].done > 3_000 && completed?.["data"].done === completed?.["data"].total);
    equal(resyncs(last), 1);
    equal(last.stored().length, 0);
    // The killed one's clients may come back now only, with the position from before.
    await run.resume(last);
    equal(resyncs(last), 2);
    run.hear(last);
  }
  await run.judge();
});

Deno.test("an import killed before it told its end tells a client that resumes to read everything anew", async () => {
  using run = Run.beforeImport(100, 6);
  await killed(run, run.start({ label: "import.done.not_told" }));
  for (const expected of [true, false]) {
    await using sidecar = run.start();
    await run.resume(sidecar);
    await sync(sidecar, 1);
    run.write();
    await sidecar.until((lines) => lines.some((line) => line.event === "attachment.created"));
    equal(resyncs(sidecar) > 0, expected);
    await sidecar.endInput();
    await sidecar.gone();
    run.hear(sidecar);
  }
  await run.judge();
});

Deno.test("a client that hears events before it resumes with a position from before an import is told resync", async () => {
  using run = Run.beforeImport(100, 7);
  await killed(run, run.start({ label: "import.begin.after_commit" }));
  // This one ends the import, but nobody hears it.
  await using unheard = run.start();
  await sync(unheard, 1);
  unheard.kill("SIGKILL");
  await unheard.gone();
  run.write();
  {
    await using sidecar = run.start();
    await sync(sidecar, 1);
    await sidecar.until((lines) => lines.some((line) => line.event === "attachment.created"));
    ok(sidecar.stored().length > 0);
    await run.resume(sidecar);
    equal(resyncs(sidecar), 1);
    await sidecar.endInput();
    await sidecar.gone();
    run.hear(sidecar);
  }
  await run.judge();
});

function resyncs(sidecar: Sidecar): number {
  return sidecar.lines.filter((line) => line.type === "resync").length;
}

Deno.test("a migration killed before its commit leaves nothing, and the next start makes the database", async () => {
  using run = Run.beforeImport(100, 5);
  for (const label of LABELS.migration) {
    const sidecar = run.start({ label });
    await killed(run, sidecar);
    deepEqual(sidecar.lines, []);
  }
  await run.judge();
});

for (const labels of scenes([...LABELS.upgrade, ...LABELS.migration])) {
  Deno.test(`an upgrade of a full database killed at ${labels.join(", ")} leaves it as it was`, async () => {
    using run = Run.live();
    for (const label of labels) {
      const upgrade = new Sidecar(upgradeArgs(run.fixture.database, label));
      await killed(run, upgrade);
      deepEqual(upgrade.lines, []);
      deepEqual(run.column("PRAGMA user_version"), [MIGRATIONS.length]);
    }
    await run.judge();
  });
}

// Together they are cut off in the order in which a replacement comes there.
for (const labels of scenes(LABELS.replaced)) {
  Deno.test(`a sidecar killed at ${labels.join(", ")} reads the new file whole and repeats nothing`, async () => {
    using run = Run.live();
    {
      await using before = run.start();
      await run.resume(before);
      run.write();
      await before.until((lines) => lines.filter((line) => line.event === "message.created").length === 2);
      await before.endInput();
      await before.gone();
      run.hear(before);
    }
    run.write();
    run.replaceSource();
    for (const label of labels) await killed(run, run.start({ label }));
    await run.judge();
  });
}

Deno.test("the walk over conversations killed at each of its steps goes on where it was", async () => {
  using run = Run.beforeImport(3_000, 6);
  const reached = () => {
    const [state] = run.column("SELECT value FROM live_sync_state WHERE key = 'conversations.walk'");
    return typeof state === "string" ? JSON.parse(state).until : 0;
  };
  let until = 0;
  for (const label of LABELS.conversations) {
    for (const nth of [1, 2]) {
      await killed(run, run.start({ label, nth }));
      const now = reached();
      // Before its commit the slice is not there, and what was there before is.
      ok(
        label === "conversations.before_commit" && nth === 1 ? now === until : now > until,
        `${label} ${nth}`,
      );
      until = now;
    }
  }
  await run.judge();
  const { fixture } = run;
  while (!fixture.db.transaction(() => fixture.messages.conversations.walk(500)).done);
  judgeConversations(fixture.db, 90 * 60_000);
});

Deno.test("pruning killed at each of its steps takes away what may go and nothing else", async () => {
  using run = Run.live();
  run.seedOldEvents(107_000);
  const oldest = async (cut: Cut) => {
    await killed(run, run.start({ hurry: 100, ...cut }));
    return run.column("SELECT min(seq) FROM sync_events");
  };
  deepEqual(await oldest({ label: LABELS.prune[0] }), [1]);
  deepEqual(await oldest({ label: LABELS.prune[1] }), [5_001]);
  deepEqual(await oldest({ label: LABELS.prune[1] }), [7_001]);
  await run.judge();
  deepEqual(run.fixture.column("SELECT min(seq) FROM sync_events"), [7_001]);
});

async function killed(run: Run, sidecar: Sidecar): Promise<void> {
  equal((await sidecar.gone()).signal, "SIGKILL");
  run.hear(sidecar);
}
