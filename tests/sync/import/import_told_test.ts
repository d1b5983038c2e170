import { deepEqual, equal } from "node:assert/strict";
import { Workbench, type WorkbenchOptions } from "../../support/sync_fixture.ts";

/** Position of the feed after an import of five messages, in slices of two. */
function afterImport(options: WorkbenchOptions, halfway: (bench: Workbench) => void = () => {}): unknown {
  using bench = new Workbench(options);
  const { guid: chat } = bench.app.createChat({ address: "+15550100001" });
  for (let i = 0; i < 5; i++) bench.app.message({ chat, text: `${i}` });
  bench.step(2);
  halfway(bench);
  bench.sync(2);
  // Each start looks whether something was left untold.
  bench.restart();
  bench.sync();
  return bench.outbox.position();
}

Deno.test("step() spends no number of the feed on an import that all have heard the end of", () => {
  deepEqual(afterImport({}), { seq: 0, oldest: 1 });
});

Deno.test("step() makes what was before the import impossible to resume when a client left meanwhile", () => {
  deepEqual(afterImport({ clientsLeft: () => true }), { seq: 1, oldest: 2 });
});

Deno.test("step() makes it impossible, too, when the program ended meanwhile, and its clients with it", () => {
  deepEqual(afterImport({}, (bench) => bench.restart()), { seq: 1, oldest: 2 });
});

Deno.test("a start breaks the feed before anybody can resume when the import's end was left untold", () => {
  using bench = new Workbench();
  bench.app.createChat({ address: "+15550100001" });
  bench.attach();
  equal(bench.messages.step(100, "test", bench.clock.now()).importCompleted, true);
  deepEqual(bench.outbox.position(), { seq: 0, oldest: 1 });
  for (let start = 1; start <= 2; start++) {
    bench.restart();
    deepEqual(bench.outbox.position(), { seq: 1, oldest: 2 });
  }
});
