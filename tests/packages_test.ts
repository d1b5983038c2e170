/**
 * What a first start has to fetch. `deno task` fetches every package that the root's deno.json and its lock file name
 * before it does anything, so those for tests stand in tests/deno.json; and Deno's download bar rewrites lines that the
 * program has printed meanwhile, so the tasks that start the program are quiet.
 */
import { deepEqual, equal, ok } from "node:assert/strict";
import testManifest from "./deno.json" with { type: "json" };
import manifest from "../deno.json" with { type: "json" };
import { importsOf } from "./support/architecture.ts";

const root = new URL("../", import.meta.url);

const FOR_TESTS = ["@sinonjs/fake-timers", "fast-check"];

function codeFiles(folder: string): string[] {
  return [...Deno.readDirSync(new URL(folder, root))].flatMap((entry) => {
    const path = `${folder}${entry.name}`;
    if (entry.isDirectory) return path === "src/dashboard/page" ? [] : codeFiles(`${path}/`);
    return path.endsWith(".ts") ? [path] : [];
  });
}

/** Every bare name that these files import. */
function packagesOf(paths: readonly string[]): Set<string> {
  const imports = paths.flatMap((path) => importsOf(Deno.readTextFileSync(new URL(path, root))));
  return new Set(imports.filter((name) => !name.startsWith(".") && !name.startsWith("node:")));
}

Deno.test("the root's deno.json names every package that the program imports, and no other", () => {
  const used = packagesOf(["main.ts", ...codeFiles("src/")]);
  deepEqual([...used].toSorted(), Object.keys(manifest.imports).toSorted());
});

Deno.test("the root's lock file holds no package for tests", () => {
  const lock = Deno.readTextFileSync(new URL("deno.lock", root));
  for (const name of FOR_TESTS) ok(!lock.includes(name), name);
});

Deno.test("tests/deno.json has the root's packages and rules, and those packages that tests alone import", () => {
  const { imports, compilerOptions, lint, fmt } = testManifest;
  const extra = Object.keys(imports).filter((name) => !Object.hasOwn(manifest.imports, name));
  deepEqual(extra.toSorted(), FOR_TESTS);
  deepEqual({ ...imports, ...manifest.imports }, imports);
  deepEqual(compilerOptions, manifest.compilerOptions);
  deepEqual(lint, manifest.lint);
  equal(fmt.lineWidth, manifest.fmt.lineWidth);
  const used = packagesOf(codeFiles("tests/").filter((path) => !path.startsWith("tests/browser/")));
  deepEqual(FOR_TESTS.filter((name) => !used.has(name)), []);
});

Deno.test("every task that starts the program keeps Deno's download bar off the terminal", () => {
  const starting = Object.entries(manifest.tasks).filter(([, command]) => / main\.ts\b/.test(command))
    .filter(([, command]) => command.startsWith("deno run"));
  ok(starting.length >= 2);
  for (const [name, command] of starting) ok(command.startsWith("deno run --quiet "), name);
});
