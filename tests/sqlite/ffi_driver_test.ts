/**
 * The FFI build's driver, in a process of its own: two copies of SQLite in one would drop each other's file locks.
 * @db/sqlite itself comes from jsr.io, so support/db_sqlite_stand_in.ts is in its place; `deno task test:ffi` has the
 * real one.
 */
import { deepEqual, equal, match } from "node:assert/strict";
import { FFI_INSTEAD, importMap } from "../../.ci/import_map.ts";
import manifest from "../../deno.json" with { type: "json" };
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

/** Runs Deno with the import map of the FFI build; gives what it printed. */
async function withFfi(command: string, args: readonly string[]): Promise<string> {
  const map = Deno.makeTempFileSync({ suffix: ".json" });
  try {
    const standIn = "./tests/platform/support/db_sqlite_stand_in.ts";
    Deno.writeTextFileSync(map, importMap(manifest, ROOT.href, { ...FFI_INSTEAD, "@db/sqlite": standIn }));
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [command, "-A", "--no-prompt", "--no-check", "--no-lock", "--import-map", map, ...args],
      cwd: ROOT,
      env: { NO_COLOR: "1" },
    }).output();
    const text = new TextDecoder().decode(stdout);
    equal(code, 0, text + new TextDecoder().decode(stderr));
    return text;
  } finally {
    Deno.removeSync(map);
  }
}

const DRIVER_TESTS = ["contract", "functions", "files"].map((what) =>
  `tests/platform/driver_${what}_test.ts`
);

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
