/**
 * Builds the one-file program: `deno task compile`, `compile:macos`, `compile:ffi`.
 *
 *     build.ts [--target TRIPLE]… [--ffi] [--output FILE]
 *
 * Result: dist/chatstats-live-sync, or dist/TRIPLE/chatstats-live-sync where targets are named. With `--ffi` the name
 * ends in -ffi. `--output` is for one target.
 */
import { parseArgs } from "node:util";
import manifest from "../deno.json" with { type: "json" };
import { FFI_INSTEAD, importMap } from "./import_map.ts";
import { jsrMissing } from "./jsr.ts";

const ROOT = new URL("../", import.meta.url);
const NAME = "chatstats-live-sync";

/**
 * Baked into the program: every permission, since it gives them away itself (src/platform/permissions.ts), and never a
 * question on a terminal. A worker is no import, so it has to be named. Packages for tests stay out.
 */
const FLAGS = ["-A", "--no-prompt", "--exclude-unused-npm", "--include", "src/sync/import/index_worker.ts"];

async function git(...args: string[]): Promise<string | null> {
  try {
    const { success, stdout } = await new Deno.Command("git", { args, cwd: ROOT, stderr: "null" }).output();
    return success ? new TextDecoder().decode(stdout).trim() : null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** Null outside of a checkout, as in a source archive. */
async function commit(): Promise<string | null> {
  const head = await git("rev-parse", "--short=12", "HEAD");
  if (head === null) return null;
  return await git("status", "--porcelain") === "" ? head : `${head}-dirty`;
}

async function compile(target: string | null, ffi: boolean, output: string): Promise<boolean> {
  const map = new URL(ffi ? "dist/build/import_map_ffi.json" : "dist/build/import_map.json", ROOT);
  await Deno.mkdir(new URL(".", map), { recursive: true });
  const build = "./dist/build/build.json";
  await Deno.writeTextFile(new URL(build, ROOT), JSON.stringify({ commit: await commit() }));
  const instead = { "./src/platform/build.json": build, ...ffi ? FFI_INSTEAD : {} };
  await Deno.writeTextFile(map, importMap(manifest, "../../", instead));
  const args = [
    "compile",
    ...FLAGS,
    // The lock file knows nothing of jsr.io, which could not be reached where it was written.
    ...ffi ? ["--no-lock"] : [],
    ...target === null ? [] : ["--target", target],
    "--import-map",
    map.pathname,
    "--output",
    output,
    "main.ts",
  ];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: ROOT, stderr: "piped" })
    .output();
  const said = new TextDecoder().decode(stderr);
  if (success || !/denort/.test(said)) await Deno.stderr.write(stderr);
  // Deno's own words are a stack of causes; this is what they come to.
  else console.error(NO_RUNTIME);
  return success;
}

const NO_RUNTIME =
  "Cannot compile as Deno's runtime for it can't be fetched from Deno's download host: try again where that is " +
  "reached, or name a runtime that you have with DENORT_BIN.";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    target: { type: "string", multiple: true },
    ffi: { type: "boolean", default: false },
    output: { type: "string" },
  },
});
const missing = values.ffi ? await jsrMissing() : null;
if (missing !== null) {
  console.error(missing);
  Deno.exit(1);
}
const name = values.ffi ? `${NAME}-ffi` : NAME;
for (const target of values.target ?? [null]) {
  const output = values.output ?? (target === null ? `dist/${name}` : `dist/${target}/${name}`);
  if (!await compile(target, values.ffi, output)) Deno.exit(1);
}
