/**
 * The FFI build's driver, in a process of its own: two copies of SQLite in one would drop each other's file locks.
 * @db/sqlite itself comes from jsr.io, so support/db_sqlite_stand_in.ts is in its place; `deno task test:ffi` has the
 * real one.
 */
import { deepEqual, equal, match } from "node:assert/strict";
import { FFI_INSTEAD, importMap } from "../../.ci/import_map.ts";
import manifest from "../../deno.json" with { type: "json" };
import { makeSources } from "../cli/support/sources.ts";
import { SLOW } from "../support/slow.ts";

const ROOT = new URL("../../", import.meta.url);

/** Whether the system has a SQLite that the driver would use. */
function hasSystemLibrary(): boolean {
  const name = Deno.build.os === "darwin" ? "/usr/lib/libsqlite3.dylib" : "libsqlite3.so.0";
  try {
    Deno.dlopen(name, { sqlite3_libversion: { parameters: [], result: "pointer" } }).close();
    return true;
  } catch {
    return false;
  }
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Deno with the import map of the FFI build. */
async function endedWithFfi(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const map = Deno.makeTempFileSync({ suffix: ".json" });
  try {
    const standIn = "./tests/sqlite/support/db_sqlite_stand_in.ts";
    Deno.writeTextFileSync(map, importMap(manifest, ROOT.href, { ...FFI_INSTEAD, "@db/sqlite": standIn }));
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        command,
        "--quiet",
        "-A",
        "--no-prompt",
        "--no-check",
        "--no-lock",
        "--import-map",
        map,
        ...args,
      ],
      cwd: ROOT,
      env: { NO_COLOR: "1", ...env },
    }).output();
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  } finally {
    Deno.removeSync(map);
  }
}

/** What it printed, where it ended well. */
async function withFfi(command: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await endedWithFfi(command, args);
  equal(code, 0, stdout + stderr);
  return stdout;
}

/** `sync` of the FFI build, on sources of its own. */
async function syncWithFfi(env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  using sources = makeSources();
  return await endedWithFfi("run", ["main.ts", "sync", ...sources.flags], env);
}

/** Null where it is new enough. */
async function oldSystemLibrary(): Promise<string | null> {
  const program = `import { openDatabase } from "${ROOT.href}src/sqlite/sqlite.ts";
    import { isOldSqlite, sqliteVersion } from "${ROOT.href}src/sqlite/least_version.ts";
    const version = sqliteVersion(openDatabase(":memory:"));
    console.log(isOldSqlite(version) ? version : "");`;
  const file = Deno.makeTempFileSync({ suffix: ".ts" });
  Deno.writeTextFileSync(file, program);
  const told = (await withFfi("run", [file])).trim();
  Deno.removeSync(file);
  return told === "" ? null : told;
}

const DRIVER_TESTS = ["contract", "functions", "files"].map((what) => `tests/sqlite/driver_${what}_test.ts`);

const ignore = !hasSystemLibrary() || !SLOW;

Deno.test(
  "the FFI driver keeps the driver contract when it runs on the system's SQLite",
  { ignore },
  async () => {
    const text = await withFfi("test", DRIVER_TESTS);
    match(text, /openDatabase\(\) opens through @db\/sqlite/);
    match(text, /close\(\) lets go of the file/);
    match(text, /defineFunction\(\) hands over/);
  },
);

Deno.test("the FFI build says in one line that DENO_SQLITE_PATH is wrong, and refuses too old a SQLite", {
  ignore,
}, async () => {
  for (const wrong of ["/nowhere/libsqlite3.so", new URL("../../deno.json", import.meta.url).pathname]) {
    const { code, stdout, stderr } = await syncWithFfi({ DENO_SQLITE_PATH: wrong });
    deepEqual([code, stdout], [1, ""], stderr);
    match(stderr, /^Cannot use \/.* \(DENO_SQLITE_PATH\): it is not there, or not a SQLite library/);
    equal(stderr.includes("    at "), false, stderr);
    equal(stderr.trim().split("\n").length, 1, stderr);
  }
  const old = await oldSystemLibrary();
  const { code, stderr } = await syncWithFfi();
  if (old === null) return equal(code, 0, stderr);
  equal(code, 1);
  match(stderr, new RegExp(`SQLite ${old.replaceAll(".", "\\.")} is too old: 3\\.45 or newer is needed`));
});

Deno.test(
  "dropPermissions() leaves ffi to the FFI build alone, which goes on reading",
  { ignore },
  async () => {
    const program = new URL("../platform/support/after_permissions.ts", import.meta.url).pathname;
    const ours = { ffi: "granted", run: "prompt", net: "prompt", write: "prompt", read: 1 };
    deepEqual(JSON.parse(await withFfi("run", [program])), ours);
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-prompt", "--no-check", program],
      cwd: ROOT,
    }).output();
    deepEqual(JSON.parse(new TextDecoder().decode(stdout)), { ...ours, ffi: "prompt" });
  },
);

Deno.test("importMap() keeps deno.json's names, and puts files in the place of others from where it lies", () => {
  const project = { imports: { "other": "npm:other@1", "mine": "./src/mine.ts" } };
  equal(
    importMap(project, "../../", { "./src/a.ts": "./src/b.ts" }),
    `{
  "imports": {
    "other": "npm:other@1",
    "mine": "../../src/mine.ts",
    "../../src/a.ts": "../../src/b.ts"
  }
}
`,
  );
});
