import { parseArgs } from "node:util";

export interface BenchOptions {
  readonly sizes: "short" | "default" | "full";
  /** Names of figures; null: all. */
  readonly only: readonly string[] | null;
  readonly json: boolean;
}

export const USAGE = `Usage: main.ts [--short | --full] [--only NAME[,NAME]] [--json]`;

/** Throws a TypeError that says what is wrong. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      short: { type: "boolean", default: false },
      full: { type: "boolean", default: false },
      only: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  if (values.short && values.full) throw new TypeError("--short and --full exclude each other");
  return {
    sizes: values.short ? "short" : values.full ? "full" : "default",
    only: values.only === undefined ? null : values.only.split(",").map((name) => name.trim()),
    json: values.json,
  };
}
