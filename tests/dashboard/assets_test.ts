import assert from "node:assert/strict";
import { dashboardAssets } from "../../src/dashboard/assets.ts";

const root = new URL("../../", import.meta.url);
const page = dashboardAssets.get("/")?.body ?? "";
const script = dashboardAssets.get("/app.js")?.body ?? "";
const style = dashboardAssets.get("/app.css")?.body ?? "";

Deno.test("the page loads only files that are served when its policy is 'self'", () => {
  const links = [...page.matchAll(/(?:href|src)="([^"]*)"/g)].map((match) => match[1] ?? "");
  assert.ok(links.length >= 3);
  for (const link of links) assert.ok(link === "data:," || dashboardAssets.has(link), link);
  assert.doesNotMatch(style, /@import|url\(/);
});

Deno.test("the page has nothing inline when its policy forbids it", () => {
  assert.doesNotMatch(page, /<style|<script>|\sstyle=|\son\w+=|javascript:/i);
  assert.doesNotMatch(script, /\beval\(|new Function\(|document\.write\(/);
});

Deno.test("the page is small when it is sent whole", () => {
  assert.ok(script.length < 160_000, `${script.length} bytes of script`);
  assert.ok(style.length < 32_000, `${style.length} bytes of style`);
});

Deno.test("the built page is what its sources give when they are built again", async () => {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--no-prompt", "--config", "src/dashboard/page/deno.json"],
      "src/dashboard/page/print_build.ts",
    ],
    cwd: root,
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  const files: [string, string][] = JSON.parse(new TextDecoder().decode(stdout));
  assert.deepEqual(files.map(([name]) => name).toSorted(), ["app.css", "app.js", "index.html"]);
  for (const [name, text] of files) {
    const committed = Deno.readTextFileSync(new URL(`src/dashboard/built/${name}`, root));
    assert.ok(committed === text, `${name} is not what the sources give: run \`deno task dashboard\``);
  }
});

Deno.test("the page and its tests take no other packages than those that stand in their licence and in the root", () => {
  const imports = (path: string): Record<string, string> =>
    JSON.parse(Deno.readTextFileSync(new URL(path, root))).imports;
  const own = imports("deno.json");
  for (const [name, target] of Object.entries(imports("tests/browser/deno.json"))) {
    if (name !== "axe-core" && name !== "playwright-core") assert.equal(target, own[name], name);
  }
  for (const name of Object.keys(imports("src/dashboard/page/deno.json"))) {
    assert.ok(script.includes(name === "uplot" ? "uPlot (c)" : `${name.replace("/hooks", "")} `), name);
  }
});
