import { equal, ok } from "node:assert/strict";
import { exitCodeOf, failureJson, failureText, withNextStep } from "../../src/cli/failure.ts";
import { LiveSyncError, UsageError } from "../../src/model/errors.ts";

const line = (words: string) => `/Applications/chatstats-live-sync ${words}`;
const error = new LiveSyncError(
  "x",
  "The database is in use by another program that does not tell its name",
  `To see which one that is, and what to do about it: \`${line("doctor --database '/tmp/my data.db'")}\`.`,
);

Deno.test("failureText() is one line in a pipe, and folded at the terminal's width with commands kept whole", () => {
  const piped = failureText(error, null);
  equal(piped.split("\n").length, 2);
  const folded = failureText(error, 60);
  ok(folded.split("\n").length > 3, folded);
  ok(folded.split("\n").every((each) => each.length <= 60 || each.startsWith("`")), folded);
  ok(folded.includes(`\`${line("doctor --database '/tmp/my data.db'")}\`.`), folded);
  equal(folded.replaceAll("\n", " "), piped.replaceAll("\n", " "));
  ok(!failureText(new Error("\x1b[2J"), 80).includes("\x1b"));
});

Deno.test("failureJson() holds code, message and hint, and nothing of a stack, also for what nobody foresaw", () => {
  equal(failureJson(new LiveSyncError("c", "m", "h")), '{"error":{"code":"c","message":"m","hint":"h"}}\n');
  ok(!failureJson(new TypeError("odd")).includes("at "));
});

Deno.test("withNextStep() gives the line to type for failures that the layers below can only describe", () => {
  const told = withNextStep(new LiveSyncError("no_database", "None", "Start the program."), line, "status");
  ok(told instanceof LiveSyncError && told.hint.includes(`\`${line("sync")}\``));
  const usage = new UsageError("wrong", "did you mean right?");
  equal(withNextStep(usage, line, "status"), usage);
  equal(exitCodeOf(usage), 2);
});

Deno.test("withNextStep() names the page of help when wrong words come without a hint, on one line and in JSON", () => {
  const told = withNextStep(new UsageError("--port must be a number"), line, "status");
  equal(exitCodeOf(told), 2);
  equal(failureText(told, null), `--port must be a number; see \`${line("help status")}\`\n`);
  ok(failureJson(told).includes(`"message":"--port must be a number","hint":"see `));
  equal(failureText(withNextStep(new UsageError("w"), line, null), null), `w; see \`${line("help")}\`\n`);
});
