/** What a killed demo left is removed by the next one, and nothing else is. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { DemoFolder, removeAbandoned } from "../../src/cli/demo/folder.ts";
import { fileNameOf, folderOf } from "../../src/platform/paths.ts";
import { RunningProgram } from "./support/program.ts";

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).toSorted();
}

async function whenPlaying(program: RunningProgram): Promise<string> {
  const line = await program.lineOut((each) => /^Folder +\S/.test(each));
  await program.lineOut((each) => /^Time +Chat/.test(each));
  return line.split(/ +/)[1] ?? "";
}

Deno.test("the next demo removes what a killed one left, and never the folder of one that runs", async () => {
  const temp = Deno.realPathSync(Deno.makeTempDirSync());
  const start = () => new RunningProgram(["demo", "--messages", "5"], { TMPDIR: temp });
  try {
    await using running = start();
    const kept = await whenPlaying(running);
    const killed = start();
    const left = await whenPlaying(killed);
    await killed[Symbol.asyncDispose]();
    deepEqual(namesIn(temp), [kept, left].map(fileNameOf).toSorted());
    await using next = start();
    const own = await whenPlaying(next);
    deepEqual(namesIn(temp), [kept, own].map(fileNameOf).toSorted());
    equal(Deno.statSync(`${kept}/Messages/chat.db`).isFile, true);
    for (const program of [running, next]) {
      program.signal("SIGINT");
      equal((await program.ended()).code, 0);
    }
    deepEqual(namesIn(temp), []);
  } finally {
    Deno.removeSync(temp, { recursive: true });
  }
});

Deno.test("removeAbandoned() leaves alone what it can't be sure of", () => {
  using own = new DemoFolder();
  const parent = folderOf(own.path);
  const made = Deno.makeTempDirSync();
  const named = (what: string) => `${parent}/chatstats-demo-test-${Deno.pid}-${what}`;
  Deno.writeTextFileSync(`${made}/demo.lock`, "");
  try {
    Deno.mkdirSync(named("without-lock"));
    Deno.symlinkSync(made, named("link"));
    Deno.writeTextFileSync(named("file"), "");
    Deno.mkdirSync(named("abandoned"), { mode: 0o700 });
    Deno.writeTextFileSync(`${named("abandoned")}/demo.lock`, "");
    Deno.writeTextFileSync(`${named("abandoned")}/chat.db`, "");
    ok(removeAbandoned(own.path).includes(named("abandoned")));
    deepEqual(
      namesIn(parent).filter((name) => name.includes(`-test-${Deno.pid}-`)),
      ["file", "link", "without-lock"].map((what) => fileNameOf(named(what))),
    );
    deepEqual(namesIn(made), ["demo.lock"]);
    ok(Deno.statSync(own.path).isDirectory);
  } finally {
    for (const what of ["without-lock", "link", "file"]) Deno.removeSync(named(what));
    Deno.removeSync(made, { recursive: true });
  }
  equal(namesIn(parent).includes(fileNameOf(own.path)), true);
});
