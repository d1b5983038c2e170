/** When which line is said: pure, and the same for the same random source. */
import type { Line, Scene } from "./conversations/script.ts";
import type { SeededRandom } from "./random.ts";

/** One thing to do, and when: milliseconds since the start, never falling. */
export interface PlannedStep {
  readonly atMs: number;
  /** Counts scenes as they are played; labels belong to one of these. */
  readonly performance: number;
  readonly scene: Scene;
  readonly line: Line;
}

/** How many chats are lively at the same time. */
const TRACKS = 2;

/**
 * Endless. The scenes come in random order, each once before any comes again; two are played at the same time.
 * The first step comes within a second.
 */
export function* planHumanPace(
  random: SeededRandom,
  scenes: readonly Scene[],
): Generator<PlannedStep, never> {
  const deck = dealForEver(random.fork(), scenes);
  let performance = 0;
  const nextScene = (startMs: number) =>
    paced(random.fork(), startMs, { performance: performance++, scene: deck.next().value });
  const tracks = Array.from({ length: TRACKS }, (_, i) => {
    const steps = nextScene(i === 0 ? 300 : 5_000);
    return { steps, upcoming: steps.next().value };
  });
  while (true) {
    const track = tracks.reduce((first, other) => other.upcoming.atMs < first.upcoming.atMs ? other : first);
    const step = track.upcoming;
    if ("line" in step) yield step;
    else track.steps = nextScene(step.atMs);
    track.upcoming = track.steps.next().value;
  }
}

function* dealForEver(random: SeededRandom, scenes: readonly Scene[]): Generator<Scene, never> {
  while (true) yield* random.shuffled(scenes);
}

/** The steps of one scene; it returns the time at which its track is free again, so that it never runs dry. */
function* paced(
  random: SeededRandom,
  startMs: number,
  scene: Pick<PlannedStep, "performance" | "scene">,
): Generator<PlannedStep, { readonly atMs: number }> {
  let atMs = startMs;
  let previous: Line | undefined;
  for (const line of scene.scene.lines) {
    if (line.kind === "pause") {
      atMs += line.seconds * 1_000;
      continue;
    }
    if (previous) atMs += gapBefore(random, previous, line);
    previous = line;
    yield { atMs, ...scene, line };
  }
  return { atMs: atMs + random.between(3_000, 7_000) };
}

/** Somebody who goes on talking is quick (a burst); who answers has to read and type first. */
function gapBefore(random: SeededRandom, previous: Line, line: Line): number {
  if (line.kind === "react" || line.kind === "unreact") return random.between(500, 2_500);
  if (line.kind !== "say") return random.between(1_500, 3_000);
  const typing = Math.min(line.text.length, 90) * random.between(12, 30);
  const goesOn = previous.kind === "say" && previous.who === line.who;
  return (goesOn ? random.between(300, 900) : random.between(1_400, 3_600)) + typing;
}
