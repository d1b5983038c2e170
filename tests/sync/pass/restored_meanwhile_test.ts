/** An older content that is restored into the very same file between a look at it and the pass that follows. */
import { deepEqual, equal, notEqual } from "node:assert/strict";
import { readDatabaseFacts } from "../../../src/store/queries/status.ts";
import { NOON_MS } from "../../support/fake_clock.ts";
import { names, SyncFixture } from "../../support/sync_fixture.ts";
import { copyTo, restoreInto } from "../support/file_swaps.ts";

const JANE = "+15550100001";
const CHAT = `iMessage;-;${JANE}`;

/** In step with A, B and C; a copy of the time when there was only A comes back in the moment that {@link arm} names. */
class Scene implements Disposable {
  readonly fixture = new SyncFixture({ probe: (label) => this.#reach(label) });
  readonly #older = `${this.fixture.folder}/older.db`;
  #moment: string | null = null;

  constructor() {
    const { app } = this.fixture;
    app.createChat({ address: JANE });
    app.message({ guid: "A", chat: CHAT, from: JANE, text: "A" });
    copyTo(this.fixture, this.#older);
    for (const guid of ["B", "C"]) app.message({ guid, chat: CHAT, from: JANE, text: guid });
    this.fixture.sync();
  }

  arm(label: string): void {
    this.#moment = label;
  }
  /** Whether the copy has come back. */
  get restored(): boolean {
    return this.#moment === null;
  }

  #reach(label: string): void {
    if (label !== this.#moment) return;
    this.#moment = null;
    restoreInto(this.fixture.app.db, this.#older);
  }

  /** All three are kept, and the two that the copy does not have are counted. */
  checkNothingIsLost(): void {
    const { fixture } = this;
    deepEqual(fixture.rows("SELECT content, deleted_at FROM messages ORDER BY id"), [
      { content: "A", deleted_at: null },
      { content: "B", deleted_at: null },
      { content: "C", deleted_at: null },
    ]);
    equal(readDatabaseFacts(fixture.db, NOON_MS).notInSource, 2);
  }

  /** What the poll looks at. */
  get dataVersion(): unknown {
    return this.fixture.db.prepare("PRAGMA source.data_version").get()?.["data_version"];
  }

  [Symbol.dispose](): void {
    this.fixture[Symbol.dispose]();
  }
}

Deno.test("step() deletes nothing when an older content is restored just before its transaction", () => {
  using scene = new Scene();
  const { app, messages } = scene.fixture;
  // So that the WAL names the page on which B and C stood.
  app.edit({ guid: "A", text: "A", dateMs: NOON_MS + 5 });
  scene.arm("pass.before_transaction");
  const step = messages.step(5_000, "commit", NOON_MS, false);
  equal(scene.restored, true);
  deepEqual({ events: step.events, more: step.more, replaced: step.replaced }, {
    events: [],
    more: true,
    replaced: true,
  });
  deepEqual(names(scene.fixture.sync().events), []);
  deepEqual(names(scene.fixture.reconcile()), []);
  scene.checkNothingIsLost();
});

Deno.test("step() tells only what differs when an older content is restored between two of its slices", () => {
  using scene = new Scene();
  const { app } = scene.fixture;
  app.edit({ guid: "C", text: "c", dateMs: NOON_MS + 5 });
  app.message({ guid: "D", chat: CHAT, from: JANE, text: "D" });
  app.message({ guid: "E", chat: CHAT, from: JANE, text: "E" });
  const first = scene.fixture.step(1, { reason: "commit", thorough: false });
  deepEqual(names(first.events), ["message.updated", "message.created"]);
  equal(first.more, true);
  scene.arm("pass.before_transaction");
  deepEqual(names(scene.fixture.sync(1).events), []);
  deepEqual(scene.fixture.column("SELECT content FROM messages WHERE deleted_at IS NULL ORDER BY id"), [
    "A",
    "B",
    "c",
    "D",
  ]);
});

Deno.test("reconcileStep() deletes nothing when an older content is restored just before its transaction", () => {
  using scene = new Scene();
  const { messages } = scene.fixture;
  messages.comparison.begin(false);
  const version = scene.dataVersion;
  scene.arm("pass.before_transaction");
  equal(messages.compareStep(NOON_MS), null);
  equal(scene.restored, true);
  notEqual(
    scene.dataVersion,
    version,
    "so the poll sees it, and the pass that it starts recognises the file",
  );
  deepEqual(names(scene.fixture.sync().events), []);
  deepEqual(names(scene.fixture.reconcile()), []);
  scene.checkNothingIsLost();
});
