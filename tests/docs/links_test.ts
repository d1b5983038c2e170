/** Every link in the documents leads to a file, and to a heading, that is there. */
import assert from "node:assert/strict";
import { anchors, links, PAGES, readPage } from "./support/pages.ts";

const ROOT = new URL("../../", import.meta.url);

for (const page of PAGES) {
  Deno.test(`the links of ${page} lead to files and headings that are there`, () => {
    const text = readPage(page);
    for (const { path, anchor } of links(text)) {
      const target = path === "" ? new URL(page, ROOT) : new URL(path, new URL(page, ROOT));
      const info = Deno.statSync(target);
      if (anchor === "") continue;
      assert.ok(info.isFile);
      const headings = anchors(Deno.readTextFileSync(target));
      assert.ok(headings.has(anchor), `${path}#${anchor} is none of ${[...headings].join(", ")}`);
    }
  });
}

Deno.test("README.md links every other document", () => {
  const linked = new Set(links(readPage("README.md")).map(({ path }) => path));
  assert.deepEqual(PAGES.filter((page) => page !== "README.md" && !linked.has(page)), []);
});

Deno.test("a file that the documents name by its path from the root is there", () => {
  for (const page of PAGES) {
    for (
      const [, path = ""] of readPage(page).matchAll(/`((?:src|tests|fixtures|\.ci|\.github)\/[\w./-]+)`/g)
    ) {
      assert.doesNotThrow(() => Deno.statSync(new URL(path, ROOT)), `${page} names ${path}`);
    }
  }
});
