/** What the checks decide and say, without files. */
import { deepEqual, equal, match } from "node:assert/strict";
import { agentCheck } from "../../src/doctor/agent.ts";
import { storesText } from "../../src/doctor/contacts.ts";
import { diskCheck, parseDf } from "../../src/doctor/disk.ts";
import { instanceCheck } from "../../src/doctor/instance.ts";
import { knownShape } from "../../src/doctor/messages.ts";
import { checkPermission } from "../../src/doctor/permission.ts";
import { failedWith } from "../../src/doctor/check.ts";

const HEAD = "Filesystem 1024-blocks Used Available Capacity Mounted on\n";

Deno.test("parseDf() gives the free bytes when the device's or the mount's name holds blanks, and null for what is no table", () => {
  const free: [string, number | null][] = [
    [`${HEAD}/dev/disk3s5 482797652 100 2000 45% /System/Volumes/Data\n`, 2_048_000],
    [`${HEAD}map auto home 0 0 0 100% /System/Volumes/Data/home\n`, 0],
    [`${HEAD}/dev/disk5s1 900 200 700 22% /Volumes/My 12 3 4 5% Disk\n`, 716_800],
    [`${HEAD}/dev/x 900 1000 -100 111% /\n`, 0],
    [`${HEAD}overlay 900 200 700 - /\n`, 716_800],
    ["df: /nowhere: No such file or directory\n", null],
    ["", null],
  ];
  for (const [text, bytes] of free) equal(parseDf(text), bytes, text);
});

Deno.test("diskCheck() asks for room for the first import and for a backup when they are to come", () => {
  const gigabyte = 1e9;
  const ok = (free: number | null, importBytes: number, backupBytes = 0) =>
    diskCheck("/d", free, { importBytes, backupBytes }).ok;
  deepEqual(
    [ok(gigabyte, 0), ok(gigabyte, gigabyte), ok(gigabyte, 0, gigabyte), ok(3 * gigabyte, gigabyte)],
    [
      true,
      false,
      false,
      true,
    ],
  );
  equal(ok(null, gigabyte), true);
  match(diskCheck("/d", null, { importBytes: 0, backupBytes: 0 }).message, /unknown/);
});

const ports = { line: (words: string) => `THE-PROGRAM ${words}`, nowMs: 0 };

Deno.test("instanceCheck() fails when the holder is troubled, and tells of another version when it is well", () => {
  const info = { pid: 7, url: "http://x", ws: "", token: "SECRET", feed: "", version: "", started_at: "" };
  const holder = { pid: 7, doing: "run", since: null, info: { ...info, database: "/d" } };
  equal(instanceCheck(null, null, ports).ok, true);
  for (const state of ["needs_permission", "source_missing", "failed"]) {
    const troubled = instanceCheck(holder, { state, version: "0", hint: "Do it" }, ports);
    deepEqual([troubled.ok, troubled.fix], [false, "Do it."]);
    match(troubled.message, new RegExp(`says: ${state.replaceAll("_", " ")}\\.$`));
  }
  for (const state of ["starting", "importing", "live"]) {
    const well = instanceCheck(holder, { state, version: "0.0.0-other", hint: "" }, ports);
    equal(well.ok, true);
    match(well.message, /It is version 0\.0\.0-other, this one is .*: start it again/);
  }
  const sync = instanceCheck({ pid: 7, doing: "sync", since: null, info: null }, null, ports);
  deepEqual([sync.ok, sync.message], [true, "Process 7 (syncing); that ends by itself."]);
  match(instanceCheck(holder, null, ports).fix, /kill 7/);
  equal(JSON.stringify(instanceCheck(holder, null, ports)).includes("SECRET"), false);
});

Deno.test("checkPermission() fails for what is forbidden here, or to the running instance, which says what it needs", () => {
  const facts = { forbidden: [], instance: null, isKnown: true };
  equal(checkPermission(facts, "HERE").ok, true);
  const here = checkPermission({ ...facts, forbidden: ["/a", "/b"] }, "HERE");
  deepEqual([here.ok, here.fix], [false, "HERE"]);
  match(here.message, /read \/a and \/b\.$/);
  const there = checkPermission({ ...facts, instance: { pid: 9, hint: "THERE" } }, "HERE");
  deepEqual([there.ok, there.fix], [false, "THERE"]);
  match(there.message, /process 9/);
  const unknown = checkPermission({ ...facts, isKnown: false }, "HERE");
  deepEqual([unknown.ok, unknown.skipped], [true, true], "nobody can say that it is there");
});

Deno.test("agentCheck() fails alone for an agent that is installed and does not run", () => {
  const state = { installed: true, running: true, pid: 3, programMissing: false, detail: "Runs." };
  equal(agentCheck(null, ports.line).ok, true);
  equal(agentCheck(state, ports.line).ok, true);
  equal(agentCheck({ ...state, installed: false, running: false }, ports.line).ok, true);
  match(agentCheck({ ...state, running: false }, ports.line).fix, /agent install/);
  equal(agentCheck({ ...state, programMissing: true }, ports.line).ok, false);
});

Deno.test("knownShape() names some of what is absent, storesText() counts accounts, failedWith() has a mend for the unforeseen", () => {
  match(knownShape([]), /none is missing/);
  match(knownShape(["a", "b", "c", "d", "e"]), /without a, b, c and 2 more, as/);
  match(storesText("/f", 3, 12), /^12 contacts of 3 accounts in \/f/);
  match(storesText("/f", 0, 0), /no contacts yet/);
  const unforeseen = failedWith("disk", new TypeError("odd"));
  deepEqual([unforeseen.ok, unforeseen.message], [false, "Cannot check it: odd."]);
  match(unforeseen.fix, /report/);
});
