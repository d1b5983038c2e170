/** While somebody holds the database, every command gives the same account of who it is, and waits for what ends by itself. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { systemClock } from "../../src/platform/clock.ts";
import { acquireInstance } from "../../src/platform/instance.ts";
import { openDatabase } from "../../src/sqlite/sqlite.ts";
import { parseObject, RunningProgram, runProgram } from "./support/program.ts";
import { makeSources } from "./support/sources.ts";

const SYNCING = new RegExp(`process ${Deno.pid} \\(syncing since [0-9:]{8}\\)`, "i");

Deno.test("status, open, doctor, run and sync agree on who is syncing, and run and sync wait for it, when a sync is at work", async () => {
  using sources = makeSources();
  equal((await runProgram(["sync", ...sources.flags])).code, 0);
  const { lock } = await acquireInstance(sources.database, systemClock, "sync");
  ok(lock);

  const words = await runProgram(["status", ...sources.flags]);
  match(words.stdout, /^State +syncing once$/m);
  match(words.stdout, SYNCING);
  const status = parseObject((await runProgram(["status", "--json", ...sources.flags])).stdout);
  deepEqual([status["state"], status["running"]], ["not_running", false]);
  const holder = parseObject(JSON.stringify(status["holder"]));
  deepEqual([holder["pid"], holder["doing"], holder["url"]], [Deno.pid, "sync", null]);
  const open = await runProgram(["open", ...sources.flags]);
  equal(open.code, 1);
  match(open.stderr, SYNCING);
  const doctor = await runProgram(["doctor", ...sources.flags]);
  equal(doctor.code, 0, doctor.stdout);
  match(doctor.stdout.replaceAll(/\n +/g, " "), SYNCING);

  await using run = new RunningProgram(["run", ...sources.flags]);
  match(await run.lineErr((line) => line.includes("Waiting for")), SYNCING);
  await using sync = new RunningProgram(["sync", "--json", ...sources.flags]);
  match(await sync.lineErr((line) => line.includes("Waiting for")), SYNCING);
  lock.release();
  await run.lineErr((line) => line.includes('"serving"'));
  const { code, stdout, stderr } = await sync.ended();
  equal(code, 0, stderr);
  equal(parseObject(stdout)["created"], 0);
});

Deno.test("status shows how far the import of a sync is when one is at work", async () => {
  using sources = makeSources();
  equal((await runProgram(["sync", ...sources.flags])).code, 0);
  {
    using db = openDatabase(sources.database);
    const set = "INSERT OR REPLACE INTO live_sync_state (key, value) VALUES ";
    db.exec(`${set} ('import.phase', 'rows'), ('import.done', 30), ('import.total', 120)`);
  }
  const { lock } = await acquireInstance(sources.database, systemClock, "sync");
  using _held = lock;
  match((await runProgram(["status", ...sources.flags])).stdout, /^Import +30 of 120 \(25 %\)$/m);
});
