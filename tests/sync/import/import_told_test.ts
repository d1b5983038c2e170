import { deepEqual, equal } from "node:assert/strict";
import { SyncFixture, type SyncFixtureOptions } from "../../support/sync_fixture.ts";

/** Position of the feed after an import of five messages, in slices of two. */
function afterImport(
  options: SyncFixtureOptions,
  halfway: (fixture: SyncFixture) => void = () => {},
): unknown {
  using fixture = new SyncFixture(options);
  const { guid: chat } = fixture.app.createChat({ address: "+15550100001" });
  for (let i = 0; i < 5; i++) fixture.app.message({ chat, text: `${i}` });
  fixture.step(2);
  halfway(fixture);
  fixture.sync(2);
  // Each start looks whether something was left untold.
  fixture.restart();
  fixture.sync();
  return fixture.outbox.position();
}

Deno.test("step() spends no number of the feed on an import that all have heard the end of", () => {
  deepEqual(afterImport({}), { seq: 0, oldest: 1 });
});

Deno.test("step() makes what was before the import impossible to resume when a client left meanwhile", () => {
  deepEqual(afterImport({ clientsLeft: () => true }), { seq: 1, oldest: 2 });
});

Deno.test("step() makes it impossible, too, when the program ended meanwhile, and its clients with it", () => {
  deepEqual(afterImport({}, (fixture) => fixture.restart()), { seq: 1, oldest: 2 });
});

Deno.test("a start breaks the feed before anybody can resume when the import's end was left untold", () => {
  using fixture = new SyncFixture();
  fixture.app.createChat({ address: "+15550100001" });
  fixture.attach();
  equal(fixture.messages.step(100, "test", fixture.clock.now()).importCompleted, true);
  deepEqual(fixture.outbox.position(), { seq: 0, oldest: 1 });
  for (let start = 1; start <= 2; start++) {
    fixture.restart();
    deepEqual(fixture.outbox.position(), { seq: 1, oldest: 2 });
  }
});
