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

Deno.test("withNextStep() promises that syncing resumes only for a program that goes on", () => {
  const full = new LiveSyncError("disk_full", "Full", "Free some space. Syncing resumes automatically.");
  const hintOf = (error: unknown) => error instanceof LiveSyncError ? error.hint : null;
  equal(hintOf(withNextStep(full, line, "run")), full.hint);
  equal(hintOf(withNextStep(full, line, "sync")), `Free some space. Then: \`${line("sync")}\`.`);
  equal(hintOf(withNextStep(full, line, "contacts list")), "Free some space.");
});

Deno.test("every hint that promises it says so in a sentence of its own, which can be left out", () => {
  const folder = new URL("../../src/", import.meta.url).pathname;
  const files = (path: string): string[] =>
    [...Deno.readDirSync(path)].flatMap((entry) =>
      entry.isDirectory ? files(`${path}${entry.name}/`) : [`${path}${entry.name}`]
    );
  const hints = files(folder).filter((path) => path.endsWith(".ts") && !path.includes("/built/"))
    .flatMap((path) => Deno.readTextFileSync(path).split("\n"))
    .filter((text) => /^\s*[`"].*resumes automatically/.test(text));
  ok(hints.length > 10);
  for (const hint of hints) ok(/(?:^\s*[`"]|[.}] )Syncing resumes automatically[^.]*\./.test(hint), hint);
});
