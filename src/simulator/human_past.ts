/** The year before the demo begins: the same people's conversations, at times when people write. */
import type { Clock } from "../platform/clock.ts";
import type { Connection } from "../sqlite/sqlite.ts";
import { SCENES } from "./conversations.ts";
import type { Scene } from "./conversations/script.ts";
import { ScenePlayer } from "./human_pace.ts";
import type { PlannedStep } from "./human_plan.ts";
import { MessagesApp } from "./messages_app.ts";
import { SeededRandom } from "./random.ts";

export interface HumanPastOptions {
  /** Exactly so many; tapbacks, edits and happenings don't count. */
  readonly messages: number;
  readonly seed: number;
  /** Milliseconds since 1970 UTC; the past ends some hours before. */
  readonly endMs: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PAST_MS = 400 * DAY_MS;
/** Nobody writes at night: from eight in the morning, UTC, so long. */
const FROM_HOUR = 8;
const HOURS = 14;

/** Lines in one commit, so that it takes a second and not a minute; some 100 ms. */
const STEP = 500;

/** The same rows for the same options, whoever asks. Gives how many messages are written, now and then. */
export function* playHumanPast(db: Connection, options: HumanPastOptions): Generator<number, void> {
  const random = new SeededRandom(options.seed);
  const time = { ms: options.endMs - PAST_MS };
  const app = new MessagesApp(db, { clock: clockOf(time), random: random.fork() });
  const player = new ScenePlayer(app);
  const scenes = chosenScenes(random, options.messages);
  const starts = scenes.map(() => startOf(random, options.endMs)).toSorted((a, b) => a - b);
  const steps = stepsOf(scenes, options.messages);
  let said = 0;
  for (let step = steps.next(); !step.done;) {
    app.inOneCommit(() => {
      for (let i = 0; i < STEP && !step.done; i++, step = steps.next()) {
        const { scene, performance, line, isFirst } = step.value;
        if (isFirst) time.ms = Math.max(time.ms, starts[performance] ?? time.ms);
        time.ms += random.integer(5_000, 90_000);
        player.perform({ atMs: time.ms, performance, scene, line });
        if (line.kind === "say") said++;
      }
    });
    yield said;
  }
}

interface PastStep extends Pick<PlannedStep, "performance" | "scene" | "line"> {
  readonly isFirst: boolean;
}

/** Line by line; it breaks off where one more message would be too many. */
function* stepsOf(scenes: readonly Scene[], messages: number): Generator<PastStep, void> {
  let said = 0;
  for (const [performance, scene] of scenes.entries()) {
    for (const [position, line] of scene.lines.entries()) {
      if (line.kind === "say" && said++ === messages) return;
      yield { scene, performance, line, isFirst: position === 0 };
    }
  }
}

/** People differ in how much they write: some scenes come often, others seldom. */
function chosenScenes(random: SeededRandom, messages: number): readonly Scene[] {
  const weighed = SCENES.flatMap((scene) => Array<Scene>(random.integer(1, 6)).fill(scene));
  const chosen: Scene[] = [];
  for (let said = 0; said < messages;) {
    const scene = random.pick(weighed);
    chosen.push(scene);
    said += scene.lines.filter((line) => line.kind === "say").length;
  }
  return chosen;
}

/** Some weeks are livelier than others; the last day is left to what comes live. */
function startOf(random: SeededRandom, endMs: number): number {
  const lively = random.chance(0.3);
  const day = lively ? 7 * random.integer(0, 50) + random.integer(1, 3) : random.integer(1, 390);
  const midnight = Math.floor(endMs / DAY_MS) * DAY_MS - day * DAY_MS;
  return midnight + FROM_HOUR * HOUR_MS + random.integer(0, HOURS * 3_600) * 1_000;
}

/** Tells the time that is played; nothing waits for it. */
function clockOf(time: { readonly ms: number }): Clock {
  const refuse = () => {
    throw new RangeError("Cannot wait: the past is played at once");
  };
  return { now: () => time.ms, monotonic: () => time.ms, after: refuse, soon: refuse };
}
