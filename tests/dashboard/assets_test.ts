import assert from "node:assert/strict";
import { dashboardAssets } from "../../src/dashboard/assets.ts";

const page = dashboardAssets.get("/")?.body ?? "";
const script = dashboardAssets.get("/app.js")?.body ?? "";

Deno.test("the page loads only files that are served when its policy is 'self'", () => {
  const links = [...page.matchAll(/(?:href|src)="([^"]*)"/g)].map((match) => match[1] ?? "");
  assert.ok(links.length >= 3);
  for (const link of links) assert.ok(link === "data:," || dashboardAssets.has(link), link);
});

Deno.test("the page has nothing inline when its policy forbids it", () => {
  assert.doesNotMatch(page, /<style|<script>|\sstyle=|\son\w+=|javascript:/i);
  assert.doesNotMatch(script, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|\.style\b/);
});

Deno.test("the script refers only to elements that the page has", () => {
  for (const [, id] of script.matchAll(/\$\("(\w+)"\)/g)) assert.ok(page.includes(`id="${id}"`), id);
});

Deno.test("the dashboard stays small until the real one is built", () => {
  let lines = 0;
  for (const asset of dashboardAssets.values()) lines += asset.body.split("\n").length;
  assert.ok(lines < 250, `${lines} lines`);
});
