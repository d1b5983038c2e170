/** `agent …` on real files, with a launchd that does as it is told. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { agentState } from "../../src/launchd/agent.ts";
import { agentCheck } from "../../src/doctor/agent.ts";
import { flagsIn, programIn } from "../../src/launchd/plist_words.ts";
import { acquireInstance } from "../../src/platform/instance.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { parseObject } from "../cli/support/program.ts";
import { endedJob, Mac, runningJob } from "./support/mac.ts";
import { typed } from "./support/typed.ts";

/** An instance of this very process on the database, which answers /health with these states one after another. */
async function serving(database: string, states: readonly string[]) {
  const { lock } = await acquireInstance(database, systemClock);
  ok(lock);
  let asked = 0;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => Response.json({ state: states[Math.min(asked++, states.length - 1)] }),
  );
  const url = `http://127.0.0.1:${server.addr.port}`;
  const told = { pid: Deno.pid, url, ws: "", token: "secret", feed: "f", version: "0", database };
  lock.publish({ ...told, started_at: "2026-01-01" });
  return {
    url,
    async [Symbol.asyncDispose]() {
      lock.release();
      await server.shutdown();
    },
  };
}

function defaultDatabase(mac: Mac): string {
  return `${mac.home}/Library/Application Support/ChatStats/chatstats.db`;
}

function modeOf(path: string): number {
  return (Deno.statSync(path).mode ?? 0) & 0o777;
}

function flagsOf(mac: Mac): string[] {
  return flagsIn(Deno.readFileSync(mac.places.plist));
}

function filesBelow(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesBelow(`${folder}/${name}`) : [`${folder}/${name}`]
  ).sort();
}

Deno.test("agent install copies the program, loads the plist and tells where it serves when it comes up", async () => {
  using mac = new Mac();
  await using instance = await serving(defaultDatabase(mac), ["starting", "starting", "importing"]);
  mac.printsAs = runningJob(Deno.pid);
  const before = Deno.umask(0o077);
  const { code, out, err } = await typed(mac, "agent install");
  Deno.umask(before);
  equal(code, 0, err);
  equal(Deno.readTextFileSync(mac.places.binary), "program 1");
  equal(modeOf(mac.places.binary), 0o755);
  equal(modeOf(mac.places.plist), 0o644);
  deepEqual(flagsOf(mac), []);
  deepEqual(mac.deeds, ["bootout", "enable", "bootstrap", "kickstart"]);
  deepEqual(mac.calls.find(([, verb]) => verb === "bootstrap")?.slice(2), ["gui/501", mac.places.plist]);
  match(out, new RegExp(`runs as process ${Deno.pid} at ${instance.url}\\.`));
  match(out, /may read Messages: nothing is left to grant/);
  for (const path of [...Object.values(mac.places), defaultDatabase(mac)]) ok(out.includes(path), path);
  // launchd makes the log, in a folder that must be there.
  ok(Deno.statSync(`${mac.home}/Library/Logs/ChatStats`).isDirectory);
  ok(!filesBelow(mac.home).some((path) => path.endsWith(".new")));
});

Deno.test("agent install names the copied program as what needs Full Disk Access when it may not read Messages", async () => {
  using mac = new Mac();
  await using _instance = await serving(defaultDatabase(mac), ["needs_permission"]);
  mac.printsAs = runningJob(Deno.pid);
  const { code, out } = await typed(mac, "agent install");
  equal(code, 0);
  const grant = out.split("\n").find((line) => line.startsWith("It may not read Messages yet.")) ?? "";
  ok(grant.includes(mac.places.binary), out);
  match(grant, /Full Disk Access.*Privacy_AllFiles.*do this again: chatstats-live-sync agent install/);
});

Deno.test("agent install gives `run` what was given by flag or variable, absolute, and never a token", async () => {
  using mac = new Mac();
  const words =
    "agent install --database ours.db --allow-origin file:// --allow-origin http://localhost:5173 " +
    "--no-file-events --region de";
  const env = {
    CHATSTATS_PORT: "4711",
    CHATSTATS_LOG_LEVEL: "debug",
    CHATSTATS_TOKEN: "hush-hush-0123456789",
  };
  const { out } = await typed(mac, words, { env });
  deepEqual(flagsOf(mac), [
    ...["--database", `${mac.home}/Downloads/ours.db`, "--port", "4711", "--region", "DE"],
    ...["--log-level", "debug", "--allow-origin", "file://", "--allow-origin", "http://localhost:5173"],
    "--no-file-events",
  ]);
  match(out, /CHATSTATS_TOKEN is not kept/);
  const texts = [out, ...filesBelow(mac.home).map((path) => Deno.readTextFileSync(path))];
  ok(texts.every((text) => !text.includes("hush-hush")));
});

Deno.test("agent install refuses a token and a sidecar when they are given as flags, and changes nothing", async () => {
  using mac = new Mac();
  for (
    const [flag, named] of [["--token 0123456789abcdef", "--token"], ["--sidecar", "--sidecar"]] as const
  ) {
    const { code, err } = await typed(mac, `agent install ${flag}`);
    equal(code, 2);
    ok(err.includes(`takes no ${named}`), err);
  }
  deepEqual([mac.calls, filesBelow(mac.home)], [[], [mac.download]]);
});

Deno.test("agent install refuses when the program is not compiled, and changes nothing", async () => {
  using mac = new Mac();
  const machine = { program: { path: mac.download, isCompiled: false } };
  const { code, err } = await typed(mac, "agent install", { machine });
  equal(code, 1);
  match(
    err,
    /^Cannot install the agent from a checkout: it needs the compiled program.*npx -y deno@[0-9.]+ task compile/,
  );
  deepEqual([mac.calls, filesBelow(mac.home)], [[], [mac.download]]);
});

Deno.test("agent … says macOS only and exits 1 when it is typed elsewhere, and wants no sudo", async () => {
  using mac = new Mac();
  for (const verb of ["install", "uninstall", "status", "status --json"]) {
    const elsewhere = await typed(mac, `agent ${verb}`, { machine: { os: "linux" } });
    equal(elsewhere.code, 1);
    match(elsewhere.err, /macOS only/);
    const root = await typed(mac, `agent ${verb}`, { machine: { uid: 0 } });
    deepEqual([root.code, /without sudo/.test(root.err)], [1, true]);
  }
  deepEqual([mac.calls, filesBelow(mac.home)], [[], [mac.download]]);
  equal(await agentState(mac.home, mac.clock, mac.machine({ os: "linux" })), null);
});

Deno.test("agent install replaces the program and waits for the old one's end when it is done again", async () => {
  using mac = new Mac();
  await using _instance = await serving(defaultDatabase(mac), ["live"]);
  mac.printsAs = runningJob(Deno.pid);
  await typed(mac, "agent install --port 4711");
  const old = await Deno.open(mac.places.binary);
  mac.putDownload("program 2");
  mac.lingers = 5;
  mac.refusals = 2;
  mac.calls.length = 0;
  const { code, out } = await typed(mac, "agent install");
  equal(code, 0);
  equal(Deno.readTextFileSync(mac.places.binary), "program 2");
  // The old file is as it was for whoever runs it: replaced by name, not written over.
  equal(await new Response(old.readable).text(), "program 1");
  deepEqual(mac.deeds, ["bootout", "enable", "bootstrap", "bootstrap", "bootstrap", "kickstart"]);
  const verbs = mac.calls.map(([, verb]) => verb);
  ok(verbs.slice(0, verbs.indexOf("bootstrap")).filter((verb) => verb === "print").length > 5);
  deepEqual(flagsOf(mac), ["--port", "4711"]);
  match(out, /Kept from before: --port 4711/);
  await typed(mac, "agent install --port 5000");
  deepEqual(flagsOf(mac), ["--port", "5000"]);
});

Deno.test("agent install leaves the program as it is when it is the installed copy that runs", async () => {
  using mac = new Mac();
  await typed(mac, "agent install");
  const { ino } = Deno.statSync(mac.places.binary);
  await typed(mac, "agent install", { machine: { program: { path: mac.places.binary, isCompiled: true } } });
  equal(Deno.statSync(mac.places.binary).ino, ino);
  equal(Deno.readTextFileSync(mac.places.binary), "program 1");
});

Deno.test("agent install says whom it waits for when another instance holds the database", async () => {
  using mac = new Mac();
  await using _instance = await serving(defaultDatabase(mac), ["live"]);
  mac.printsAs = runningJob(1);
  const { code, out } = await typed(mac, "agent install");
  equal(code, 0);
  match(out, new RegExp(`runs as process 1; it takes over when process ${Deno.pid}, .* ends\\.`));
});

Deno.test("agent install fails with launchd's words when launchd refuses, and exits 1 when it does not come up", async () => {
  using mac = new Mac();
  mac.refusals = 1_000;
  const refused = await typed(mac, "agent install");
  equal(refused.code, 1);
  match(
    refused.err,
    /^launchd refuses to start the agent \(Bootstrap failed: 5: Input\/output error\)\./,
  );
  mac.refusals = 0;
  mac.printsAs = endedJob("exit code = 1");
  const silent = await typed(mac, "agent install");
  equal(silent.code, 1);
  match(silent.out, /does not serve yet: its process ended last with 1\./);
  ok(silent.out.includes(mac.places.log));
});

Deno.test("agent install leaves no half of a program and the old one running when the copy fails", async () => {
  using mac = new Mac();
  await typed(mac, "agent install");
  mac.calls.length = 0;
  const machine = { program: { path: `${mac.home}/nowhere`, isCompiled: true } };
  const { code, err } = await typed(mac, "agent install", { machine });
  equal(code, 1);
  match(err, /^Cannot copy the program to /);
  deepEqual(mac.deeds, []);
  equal(Deno.readTextFileSync(mac.places.binary), "program 1");
  ok(!filesBelow(mac.home).some((path) => path.endsWith(".new")));
});

Deno.test("agent uninstall stops the agent and removes all but the data, and says where they are", async () => {
  using mac = new Mac();
  const database = `${mac.home}/elsewhere/ours.db`;
  const ours = defaultDatabase(mac);
  await typed(mac, `agent install --database ${database}`);
  Deno.writeTextFileSync(mac.places.log, "a line\n");
  Deno.writeTextFileSync(ours, "data");
  mac.calls.length = 0;
  const { code, out } = await typed(mac, "agent uninstall");
  equal(code, 0);
  deepEqual(mac.deeds, ["bootout"]);
  equal(mac.isLoaded, false);
  deepEqual(filesBelow(mac.home), [mac.download, ours].sort());
  match(out, /stopped and removed/);
  ok(out.includes(`Your data stay where they are: ${database}\n`), out);
  const again = await typed(mac, "agent uninstall");
  deepEqual([again.code, again.out.split("\n")[0]], [0, "The agent was not installed."]);
});

Deno.test("agent uninstall keeps the files when launchd keeps the job", async () => {
  using mac = new Mac();
  await typed(mac, "agent install");
  mac.lingers = 1e9;
  const { code, err } = await typed(mac, "agent uninstall");
  equal(code, 1);
  match(err, /^launchd does not stop the agent/);
  ok(Deno.statSync(mac.places.plist).isFile);
});

Deno.test("agent status tells not installed, running with its address, and how it ended last", async () => {
  using mac = new Mac();
  deepEqual(await typed(mac, "agent status"), {
    code: 0,
    out: "Not installed.\nTo install it: chatstats-live-sync agent install\n",
    err: "",
  });
  const database = `${mac.home}/elsewhere/ours.db`;
  await using instance = await serving(database, ["live"]);
  mac.printsAs = runningJob(Deno.pid);
  await typed(mac, `agent install --database ${database}`);
  // The database is the one that the agent was given.
  const detail = `Installed and running as process ${Deno.pid}.`;
  deepEqual(parseObject((await typed(mac, "agent status --json")).out), {
    ...{ installed: true, running: true, pid: Deno.pid, detail, url: instance.url, last_end: null },
    ...mac.places,
  });
  ok((await typed(mac, "agent status")).out.startsWith(`${detail}\n\nServes      ${instance.url}\n`));
  deepEqual(await agentState(mac.home, mac.clock, mac.machine()), {
    ...{ installed: true, running: true, pid: Deno.pid, programMissing: false, detail },
  });
  mac.printsAs = endedJob("exit code = 1");
  const ended = parseObject((await typed(mac, "agent status --json")).out);
  deepEqual([ended["running"], ended["pid"], ended["url"], ended["last_end"]], [false, null, null, "1"]);
});

/** The program inside an app of a Mac's Applications folder. */
function appProgram(mac: Mac, text = "app 1"): string {
  const folder = `${mac.home}/Applications/ChatStats Live-Sync.app/Contents/MacOS`;
  Deno.mkdirSync(folder, { recursive: true });
  Deno.writeTextFileSync(`${folder}/chatstats-live-sync`, text);
  return `${folder}/chatstats-live-sync`;
}

function startedBy(path: string) {
  return { machine: { program: { path, isCompiled: true } } };
}

Deno.test("agent install has launchd start the app's own program, and no copy, when it runs from inside an app", async () => {
  using mac = new Mac();
  await typed(mac, "agent install --port 4711");
  const program = appProgram(mac);
  // As Homebrew puts the command on the path.
  const link = `${mac.home}/Downloads/link`;
  Deno.symlinkSync(program, link);
  const { code, out, err } = await typed(mac, "agent install", startedBy(link));
  equal(code, 1, err);
  equal(programIn(Deno.readFileSync(mac.places.plist)), program);
  deepEqual(flagsOf(mac), ["--port", "4711"]);
  ok(!filesBelow(mac.home).includes(mac.places.binary), "the copy of before is gone");
  ok(out.includes(program), out);
  equal(parseObject((await typed(mac, "agent status --json")).out)["binary"], program);
  const removed = await typed(mac, "agent uninstall");
  match(removed.out, /removed, with its log; the app stays\./);
  deepEqual(filesBelow(mac.home), [program, mac.download, link].sort());
});

Deno.test("agent install names the app as what needs Full Disk Access when it was installed from one", async () => {
  using mac = new Mac();
  await using _instance = await serving(defaultDatabase(mac), ["needs_permission"]);
  mac.printsAs = runningJob(Deno.pid);
  const { out } = await typed(mac, "agent install", startedBy(appProgram(mac)));
  const grant = out.split("\n").find((line) => line.startsWith("It may not read Messages yet.")) ?? "";
  match(grant, /It is ChatStats Live-Sync which needs it: switch it on in the list/);
});

Deno.test("agent install refuses when macOS runs the app from a passing place, and changes nothing", async () => {
  using mac = new Mac();
  const place = `${mac.home}/AppTranslocation/1-2/d/ChatStats Live-Sync.app/Contents/MacOS`;
  Deno.mkdirSync(place, { recursive: true });
  Deno.writeTextFileSync(`${place}/chatstats-live-sync`, "app 1");
  const before = filesBelow(mac.home);
  const { code, err } = await typed(mac, "agent install", startedBy(`${place}/chatstats-live-sync`));
  equal(code, 1);
  match(err, /a temporary place\. Move the app to the Applications folder/s);
  deepEqual([mac.calls, filesBelow(mac.home)], [[], before]);
});

Deno.test("agent status and doctor say so when the app was moved or deleted, also while its process still runs", async () => {
  using mac = new Mac();
  const program = appProgram(mac);
  mac.printsAs = runningJob(4_711);
  await typed(mac, "agent install", startedBy(program));
  const state = () => agentState(mac.home, mac.clock, mac.machine());
  const before = await state();
  equal(agentCheck(before, (words) => `app ${words}`).ok, true, before?.detail);
  const app = `${mac.home}/Applications/ChatStats Live-Sync.app`;
  Deno.renameSync(app, `${mac.home}/ChatStats Live-Sync.app`);
  const told = `Installed, but ChatStats Live-Sync.app was moved or deleted, it is not at ${app} any more: `;
  const { out } = await typed(mac, "agent status");
  ok(out.startsWith(told), out);
  match(out, /To install it: chatstats-live-sync agent install/);
  const { ok: isWell, message, fix } = agentCheck(await state(), (words) => `app ${words}`);
  deepEqual([isWell, message.startsWith(told)], [false, true]);
  match(fix, /app agent install/);
  Deno.renameSync(`${mac.home}/ChatStats Live-Sync.app`, app);
  equal(agentCheck(await state(), (words) => `app ${words}`).ok, true);
});
