import assert from "node:assert/strict";
import fc from "fast-check";
import { absolutePath, fileNameOf, folderOf, needsHome } from "../../src/platform/paths.ts";

Deno.test("absolutePath() expands a leading tilde when it stands alone or before a slash", () => {
  assert.equal(absolutePath("~", "/home/j", "/w"), "/home/j");
  assert.equal(absolutePath("~/a/b", "/home/j", "/w"), "/home/j/a/b");
  assert.equal(absolutePath("~other/a", "/home/j", "/w"), "/w/~other/a");
  assert.equal(absolutePath("a/~", "/home/j", "/w"), "/w/a/~");
});

Deno.test("absolutePath() gives one clean absolute path when anything is typed", () => {
  const part = fc.constantFrom("a", "b c", ".", "..", "", "ü", "~");
  fc.assert(fc.property(fc.array(part, { minLength: 1 }), fc.boolean(), (parts, isAbsolute) => {
    const path = absolutePath((isAbsolute ? "/" : "") + parts.join("/"), "/home/j", "/w");
    assert.match(path, /^\//);
    assert.ok(path.split("/").every((each) => each !== "." && each !== ".."));
    assert.ok(!path.includes("//"));
    assert.equal(absolutePath(path, "/home/j", "/w"), path);
  }));
});

Deno.test("folderOf() and fileNameOf() take a path apart when it is absolute", () => {
  assert.equal(folderOf("/a/b/c.db"), "/a/b");
  assert.equal(folderOf("/c.db"), "/");
  assert.equal(fileNameOf("/a/b/c.db"), "c.db");
  assert.ok(needsHome("~/x") && !needsHome("/~"));
});
