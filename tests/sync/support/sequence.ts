/** Plays one sequence from its beginning to its end, and judges what came of it. */
import { SyncFixture } from "../../support/sync_fixture.ts";
import { judgeAgainst, judgeAlone, judgeNotInSource } from "./sequence_judge.ts";
import { SequenceLooks } from "./sequence_looks.ts";
import { SequencePlayer } from "./sequence_player.ts";
import type { Beginning, Step } from "./sequence_steps.ts";

/** Throws what does not hold. */
export function playAndJudge(sequence: readonly Step[], beginning: Beginning): void {
  const { release, origin, history, toldFromTheStart, bulkAbove, deferred } = beginning;
  const looks = new SequenceLooks();
  // Nothing is found by looking at recent rows again.
  using fixture = new SyncFixture({ release, origin, bulkAbove, lookBack: 0, probe: looks.probe });
  looks.begin(fixture);
  const player = new SequencePlayer(fixture, looks);
  if (toldFromTheStart) looks.catchUp(5_000);
  player.fill(history);
  for (const step of sequence) player.play(step);
  looks.finish();
  judgeAlone(fixture);
  judgeNotInSource(fixture, { kept: looks.kept, perhaps: looks.perhapsKept });

  const folder = Deno.makeTempDirSync({ prefix: "chatstats-test-" });
  try {
    using fresh = new SyncFixture({ folder, deferIndexesAbove: deferred ? 0 : 1_000_000 });
    fresh.readFrom(fixture.chatDb);
    fresh.sync(7);
    while (!fresh.db.transaction(() => fresh.messages.conversations.walk(1_000)).done);
    judgeAlone(fresh);
    judgeAgainst(fixture, fresh);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}
