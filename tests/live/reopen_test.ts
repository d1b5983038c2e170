/**
 * Messages' last connection is closed and opened again, and the files beside chat.db go under us: what comes next is told
 * within a second. The whole program with file events, Messages in a process of its own. See locks_test.ts.
 */
import { deepEqual, equal } from "node:assert/strict";
import { Sidecar } from "../support/sidecar.ts";
import { childArgs } from "../support/sidecar_child.ts";
import { until } from "../support/until.ts";
import { fileIdOf, locksTest, lostLocks } from "./support/posix_locks.ts";
import { type Committed, ReopeningMessages } from "./support/reopening_messages.ts";
import { Scene } from "./support/scene.ts";
import { withinASecond } from "./support/witness.ts";
import { World } from "./support/world.ts";

const ROUNDS = 3;

/** Several times in a row: what the first time loses, the second one needs. */
async function often(round: () => Promise<number>): Promise<void> {
  await withinASecond(async () => {
    const took: number[] = [];
    for (let i = 0; i < ROUNDS; i++) took.push(await round());
    return Math.min(...took);
  });
}

locksTest(
  "run tells of a message within a second when Messages' last connection was closed and opened again",
  async (t) => {
    await using world = new World();
    const { chatDb } = world;
    const reopened = async () => {
      const wal = fileIdOf(`${chatDb}-wal`);
      await world.messages.shut();
      const left = fileIdOf(`${chatDb}-wal`);
      await world.messages.open();
      const took = await world.oneMessage("opened again");
      equal(left, wal, "the last close leaves the WAL to us");
      return took;
    };
    await world.step(t, "when nothing had come since the start", () => often(reopened));
    await world.step(t, "right after a message", () =>
      often(async () => {
        await world.oneMessage("before");
        return await reopened();
      }));
    await world.step(t, "before the message was told of", () =>
      often(async () => {
        const before = await world.messages.message("before");
        const after = await reopened();
        return Math.max(after, await world.witness.heardOf(before));
      }));
    await world.step(t, "right after a checkpoint", () =>
      often(async () => {
        await world.oneMessage("before");
        await until(() => world.messages.checkpoint("TRUNCATE"), "the checkpoint");
        return await reopened();
      }));
    await world.step(
      t,
      "when Messages was closed and nothing stood beside chat.db at our start",
      () =>
        withinASecond(async () => {
          await world.messages.shut();
          await world.restartProgram();
          await world.messages.open();
          return await world.oneMessage("opened after us");
        }),
    );
  },
);

/** Longer than the poll is quick. */
const IDLE_MS = 31_000;

async function heardOf(sidecar: Sidecar, { guid, committedAtMs }: Committed): Promise<number> {
  await sidecar.until((lines) =>
    lines.some((line) => line.event === "message.created" && line["data"].message.guid === guid)
  );
  return performance.timeOrigin + performance.now() - committedAtMs;
}

locksTest(
  "run tells of a message within a second when it was idle before Messages' last connection was closed and opened",
  async () => {
    await using scene = new Scene();
    await using messages = await ReopeningMessages.start(scene.chatDb, 1);
    const { chatDb: messagesDb, database } = scene;
    Deno.mkdirSync(`${scene.folder}/ours`);
    await using sidecar = new Sidecar(childArgs({ database, messagesDb, idleMs: IDLE_MS }));
    const { pid } = await sidecar.ready();
    await sidecar.until((lines) =>
      lines.some((line) => line.event === "state.changed" && line["data"].state === "live")
    );
    await heardOf(sidecar, await messages.message("live"));
    await often(async () => {
      sidecar.kill("SIGUSR1");
      const synced = () => sidecar.lines.filter((line) => line.type === "synced").length;
      const before = synced();
      await sidecar.send({ type: "sync" });
      await sidecar.until(() => synced() > before);
      await messages.shut();
      await messages.open();
      return await heardOf(sidecar, await messages.message("opened again"));
    });
    deepEqual(lostLocks(Number(pid), [messagesDb, database]), []);
  },
);

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    // Messages' last close took it away: it could, for want of our locks.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

locksTest(
  "run tells of a message within a second, and warns, when somebody took files beside chat.db away",
  async (t) => {
    await using world = new World();
    const { chatDb } = world;
    const without = (when: "open" | "shut", ...sides: readonly string[]) =>
      world.step(
        t,
        `${sides.join(" and ")} taken away while Messages has it ${when}`,
        () =>
          withinASecond(async () => {
            const { messages, witness } = world;
            await world.oneMessage("before");
            // Frames that went with the WAL would still stand in the index of the -shm: Messages itself could read no more.
            await until(() => messages.checkpoint("TRUNCATE"), "the checkpoint");
            const before = witness.warnings.length;
            if (when === "shut") {
              await messages.shut();
            }
            for (const side of sides) removeIfThere(chatDb + side);
            await messages.shut();
            await messages.open();
            const took = await world.oneMessage("after");
            await witness.warnsAgain(before);
            return took;
          }),
      );
    for (const when of ["open", "shut"] as const) {
      await without(when, "-wal");
      await without(when, "-shm");
      await without(when, "-wal", "-shm");
    }
    await world.step(
      t,
      "-wal taken away with commits in it, which Messages carries over at its last close",
      () =>
        withinASecond(async () => {
          const { messages, witness } = world;
          await world.oneMessage("stands in the WAL alone");
          const before = witness.warnings.length;
          removeIfThere(`${chatDb}-wal`);
          await witness.warnsAgain(before);
          const hidden = await messages.message("committed to a WAL that nobody else can see");
          await messages.shut();
          await messages.open();
          // Our locks would have kept the last close from saving the hidden one, and from taking the -shm away.
          const took = await world.oneMessage("after");
          await witness.heardOf(hidden);
          return took;
        }),
    );
    await world.step(
      t,
      "-wal taken away and nothing committed, so that the warning comes by itself",
      () =>
        withinASecond(async () => {
          const { messages, witness } = world;
          await world.oneMessage("before");
          await until(() => messages.checkpoint("TRUNCATE"), "the checkpoint");
          const before = witness.warnings.length;
          const removedAt = performance.now();
          removeIfThere(`${chatDb}-wal`);
          await witness.warnsAgain(before);
          const took = performance.now() - removedAt;
          await messages.shut();
          await messages.open();
          return took;
        }),
    );
  },
);
