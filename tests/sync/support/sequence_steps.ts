/** What may happen, drawn by fast-check: a file, and steps that pick by their numbers among what is there. */
import fc from "fast-check";
import { type Origin, type Release, RELEASES } from "../../../src/simulator/releases.ts";

/** How often each kind is drawn, against the others. */
const WEIGHTS = {
  message: 6,
  late: 2,
  join: 2,
  again: 1,
  tapback: 4,
  untapback: 2,
  retapback: 1,
  picture: 2,
  pictureJoin: 2,
  pictureFill: 2,
  pictureName: 1,
  happening: 3,
  edit: 4,
  unsend: 2,
  unsendPart: 1,
  read: 2,
  delivered: 2,
  failed: 2,
  flip: 2,
  lateText: 2,
  delete: 3,
  recover: 2,
  forGood: 3,
  chat: 1,
  group: 1,
  renamed: 2,
  members: 2,
  handle: 1,
  chatGone: 1,
  upgrade: 1,
  checkpoint: 3,
  sync: 9,
  slices: 2,
  ask: 1,
  restart: 2,
  kill: 3,
  snapshot: 2,
  replaced: 1,
  restored: 1,
  copiedOver: 1,
  restoredInto: 1,
} as const;

export type StepKind = keyof typeof WEIGHTS;
/** The numbers mean what {@link SequencePlayer} makes of them. */
export interface Step {
  readonly kind: StepKind;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

const kinds = Object.entries(WEIGHTS).flatMap(([kind, weight]) => isKind(kind) ? [{ kind, weight }] : []);
function isKind(kind: string): kind is StepKind {
  return kind in WEIGHTS;
}

const number = fc.nat({ max: 100_000 });
const kind = fc.oneof(...kinds.map((each) => ({ weight: each.weight, arbitrary: fc.constant(each.kind) })));
export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record<Step>({ kind, a: number, b: number, c: number }),
  // Else a sequence mostly has fewer than ten steps, too few for anything to come between two others.
  { minLength: 1, maxLength: 70, size: "max" },
);

/** What is there before the first step. */
export interface Beginning {
  readonly release: Release;
  readonly origin: Origin;
  /** Messages of long ago. */
  readonly history: number;
  /** Whether the first sync finds a file with nothing in it, so that all is told. */
  readonly toldFromTheStart: boolean;
  /** A catch-up of more events is told as one resync. */
  readonly bulkAbove: number;
  /** Whether the import that it is compared with puts indexes off. */
  readonly deferred: boolean;
}

export const beginnings: fc.Arbitrary<Beginning> = fc.record({
  release: fc.constantFrom(...RELEASES),
  origin: fc.constantFrom<Origin>("fresh", "upgraded"),
  history: fc.constantFrom(0, 0, 150),
  toldFromTheStart: fc.boolean(),
  bulkAbove: fc.constantFrom(10_000, 10_000, 10_000, 20),
  deferred: fc.boolean(),
});
