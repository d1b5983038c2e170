/** What every figure gets, and what it is. */
import type { Ground } from "./ground.ts";
import type { Row } from "./report.ts";
import type { Sizes } from "./sizes.ts";

export interface Bench {
  readonly sizes: Sizes;
  readonly ground: Ground;
}

export interface Figure {
  /** For `--only`. */
  readonly name: string;
  run(bench: Bench): Promise<readonly Row[]>;
}

export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}

/** `300,000` */
export function thousands(count: number): string {
  return count.toLocaleString("en-US");
}
