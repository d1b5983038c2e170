/** The documents for those who work on the code: short, and about files that are there. */
import { deepEqual, ok } from "node:assert/strict";
import { readPage } from "./support/pages.ts";

const DESIGN = [
  "src/README.md",
  "src/sync/DESIGN.md",
  "src/sync/contacts/DESIGN.md",
  "src/dashboard/DESIGN.md",
  "src/platform/DESIGN.md",
];

function filesIn(folder: string): string[] {
  return [...Deno.readDirSync(new URL(`../../${folder}`, import.meta.url))].flatMap((entry) =>
    entry.isDirectory ? filesIn(`${folder}${entry.name}/`) : [`${folder}${entry.name}`]
  );
}

Deno.test("src/README.md has at most 110 lines", () => {
  ok(readPage("src/README.md").trimEnd().split("\n").length <= 110);
});

for (const page of DESIGN) {
  Deno.test(`${page} names only files that are there`, () => {
    const files = ["src/", "tests/", ".ci/"].flatMap(filesIn);
    const named = [...readPage(page).matchAll(/`?((?:[\w.-]+\/)*[\w-]+\.(?:ts|tsx|sql|sh))\b`?/g)].map((
      [, name = ""],
    ) => name);
    // `macosNN.sql` stands for one that is to come.
    const there = named.filter((name) => !/N/.test(name));
    ok(page.includes("dashboard") || named.length > 5);
    deepEqual(there.filter((name) => !files.some((file) => `/${file}`.endsWith(`/${name}`))), []);
  });
}
