/** The program on another database, and its end with words. */
import { equal, ok } from "node:assert/strict";
import { parseObject, RunningProgram } from "../../cli/support/program.ts";
import { until } from "../../support/until.ts";
import type { Scene } from "./scene.ts";

/** The scene's program with its database somewhere else. */
export function runOn(scene: Scene, database: string, before: readonly string[] = []): RunningProgram {
  return new RunningProgram(["run", "--sidecar", ...scene.flags, "--database", database], {}, before);
}

/** The program ended with 1, one line on stderr and `fatal` as the last line of stdout, both with the hint. */
export async function fatalOf(
  program: RunningProgram,
): Promise<{ code: unknown; message: string; hint: string }> {
  let over = false;
  const ending = program.ended().finally(() => over = true);
  await until(() => over, "the end of the program");
  const { code, stdout, stderr } = await ending;
  equal(code, 1, stderr);
  const fatal = parseObject(stdout.trimEnd().split("\n").at(-1) ?? "");
  equal(fatal["type"], "fatal");
  const [message, hint] = [String(fatal["message"]), String(fatal["hint"])];
  ok(hint !== "");
  const words = stderr.trimEnd().split("\n").filter((line) => line.includes(message) && line.includes(hint));
  equal(words.length, 1, stderr);
  return { code: fatal["code"], message, hint };
}
