/** Whoever looks, in whatever way: contrast, names for screen readers, keyboard, narrow windows. */
import axe from "axe-core";
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { launchBrowser, Tab } from "./support/browser.ts";
import { MEI, NORA, SAM, Stage } from "./support/stage.ts";

async function somethingToSee(): Promise<Stage> {
  const stage = await Stage.open({ messages: 2_000 });
  await stage.card(NORA, [NORA.address, MEI.address]);
  await stage.card(SAM, [SAM.address]);
  for (const person of [NORA, SAM, MEI]) {
    const chat = await stage.chatWith(person);
    await stage.messages.message({ chat, from: person.address, text: `it is ${person.name.split(" ")[0]}` });
    await stage.messages.message({ chat, text: "https://example.com/a-long-address/".repeat(6) });
  }
  return stage;
}

/** What axe finds that keeps somebody from using the page. */
async function seriousIssues(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found: unknown = await page.evaluate(`
    axe.run().then(({ violations }) => violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => id + ": " + nodes.slice(0, 3).map(({ html }) => html).join(" ")))`);
  assert.ok(Array.isArray(found));
  return found.map(String);
}

async function everyPlace(page: Page, look: (place: string) => Promise<void>): Promise<void> {
  await look("first sight");
  await page.locator("#text-toggle").click();
  await page.locator("#chats .row").first().click();
  await page.locator("#chats .message").first().waitFor();
  await look("an opened chat");
  await page.locator("#people").getByRole("button", { name: /^Rename/ }).first().click();
  await look("a form");
  await page.locator("#people").getByRole("button", { name: "Merged" }).click();
  await page.locator("#people [data-merge]").first().waitFor();
  await look("merges");
}

Deno.test("axe finds no serious issue when the page is looked at in both themes", async () => {
  await using stage = await somethingToSee();
  await using browser = await launchBrowser();
  for (const theme of ["light", "dark"] as const) {
    await using tab = await Tab.open(browser, stage.address, { theme, reducedMotion: true });
    await tab.page.locator("#chats .row").first().waitFor();
    await tab.page.locator("#activity .legend button").first().waitFor();
    await everyPlace(tab.page, async (place) => {
      assert.deepEqual(await seriousIssues(tab.page), [], `${theme}, ${place}`);
    });
    assert.deepEqual(tab.complaints, []);
  }
});

Deno.test("nothing has to be scrolled sideways when the window is 380 pixels wide", async () => {
  await using stage = await somethingToSee();
  await using browser = await launchBrowser();
  await using tab = await Tab.open(browser, stage.address, { width: 380, height: 800 });
  const { page } = tab;
  await page.locator("#text-toggle").click();
  for (const part of ["Live", "Chats", "People", "Year"]) {
    await page.locator(".parts").getByRole("button", { name: part }).click();
    await page.locator("main .panel:visible").waitFor();
    assert.equal(await page.locator("main .panel:visible").count(), 1, part);
    assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 380, part);
  }
  await page.locator(".parts").getByRole("button", { name: "Chats" }).click();
  await page.locator("#chats .row").first().click();
  await page.locator("#chats .message").first().waitFor();
  assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 380);
  assert.deepEqual(tab.complaints, []);
});

Deno.test("everything is reached by keyboard, and what has the focus is seen, when Tab is pressed", async () => {
  await using stage = await somethingToSee();
  await using browser = await launchBrowser();
  await using tab = await Tab.open(browser, stage.address);
  const { page } = tab;
  await page.locator("#chats .row").first().waitFor();
  await page.locator("#people .person").first().waitFor();
  await page.locator("#activity .legend button").first().waitFor();
  const visited: string[] = [];
  for (let i = 0; i < 200 && visited.at(-1) !== "people-search"; i++) {
    await page.keyboard.press("Tab");
    const seen: unknown = await page.evaluate(`(() => {
      const { id, className, tagName } = document.activeElement;
      return { name: id || className || tagName, outline: getComputedStyle(document.activeElement).outlineStyle };
    })()`);
    assert.ok(typeof seen === "object" && seen !== null && "name" in seen && "outline" in seen);
    assert.notEqual(seen.outline, "none", String(seen.name));
    visited.push(String(seen.name));
  }
  assert.equal(visited[0], "text-toggle");
  assert.ok(visited.includes("row"), visited.join());
  assert.equal(visited.at(-1), "people-search");
});

Deno.test("times and numbers are written in the reader's own way when the browser is German", async () => {
  await using stage = await somethingToSee();
  await using browser = await launchBrowser();
  await using tab = await Tab.open(browser, stage.address, { locale: "de-DE" });
  await tab.page.locator("#activity .legend button").first().waitFor();
  // Two thousand rows are one thousand and some messages.
  await tab.page.locator(".figures strong", { hasText: /^1\.\d{3}$/ }).first().waitFor();
});
