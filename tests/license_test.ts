/** The licence is told the same wherever it is told, and goes along with what is released. */
import { equal, match, ok } from "node:assert/strict";
import manifest from "../deno.json" with { type: "json" };

const read = (path: string) => Deno.readTextFileSync(new URL(`../${path}`, import.meta.url));

Deno.test("LICENSE is what deno.json and README.md say, and lies in the released zip", () => {
  equal(manifest.license, "MIT");
  const text = read("LICENSE");
  match(text, /^MIT License\n\nCopyright \(c\) \d{4} \S/);
  ok(text.includes("WITHOUT WARRANTY OF ANY KIND"));
  match(read("README.md"), /\bMIT\b/);
  match(read(".github/release/package.sh"), /^\s*cp .*\bLICENSE\b/m);
});
