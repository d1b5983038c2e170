/**
 * `deno task app:macos [--binary FILE] [--output FOLDER]`: makes `ChatStats Live-Sync.app` of a compiled program, by
 * default of dist/aarch64-apple-darwin/chatstats-live-sync, beside it. It compiles and signs nothing.
 */
import { parseArgs } from "node:util";
import manifest from "../../deno.json" with { type: "json" };
import { makeApp } from "./bundle.ts";
import { EXECUTABLE } from "./info_plist.ts";

const DEFAULT = `dist/aarch64-apple-darwin/${EXECUTABLE}`;

const { values } = parseArgs({
  args: Deno.args.filter((word) => word !== "--"),
  options: { binary: { type: "string", default: DEFAULT }, output: { type: "string" } },
});
const folder = values.output ?? (values.binary.replace(/\/?[^/]*$/, "") || ".");
try {
  console.log(makeApp({ binary: values.binary, folder, version: manifest.version }));
} catch (error) {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
  console.error(
    `Cannot make the app as ${values.binary} is not there: compile it first (task compile:macos)`,
  );
  Deno.exit(1);
}
