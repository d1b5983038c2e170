/**
 * `deno task test:ffi`: the tests that hold a connection themselves, with @db/sqlite and the system's SQLite.
 *
 * Tests that start the program as a process of its own would start the ordinary build, so they are no part of this.
 */
import manifest from "../tests/deno.json" with { type: "json" };
import { FFI_INSTEAD, importMap } from "./import_map.ts";
import { jsrMissing } from "./jsr.ts";

const ROOT = new URL("../", import.meta.url);
const DRIVER_TESTS = ["contract", "functions", "files"].map((what) => `tests/sqlite/driver_${what}_test.ts`);
const TESTS = [...DRIVER_TESTS, "tests/store/", "tests/source/", "tests/sync/"];

const missing = await jsrMissing();
if (missing !== null) {
  console.error(missing);
  Deno.exit(1);
}
const map = new URL("dist/build/import_map_test_ffi.json", ROOT);
await Deno.mkdir(new URL(".", map), { recursive: true });
await Deno.writeTextFile(map, importMap(manifest, "../../", FFI_INSTEAD));
const args = ["test", "-A", "--no-prompt", "--no-lock", "--import-map", map.pathname, ...TESTS];
const { code } = await new Deno.Command(Deno.execPath(), { args, cwd: ROOT }).spawn().status;
Deno.exit(code);
