/** Whoever looks, in whatever way: contrast, names for screen readers, keyboard, narrow windows. */
import axe from "axe-core";
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { launchBrowser, Tab, untilTrue } from "./support/browser.ts";
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
  // How much there is stands on one part, how it goes on the others: no tab moves when another is chosen.
  const figures = async () => await page.locator(".figures dt:visible").allTextContents();
  const tabsAt = async () => (await page.locator(".parts").boundingBox())?.y;
  assert.deepEqual(await figures(), ["Messages", "Chats", "Reactions", "Database"]);
  const before = await tabsAt();
  await page.locator(".parts").getByRole("button", { name: "Chats" }).click();
  assert.deepEqual(await figures(), [
    "Delay from Messages",
    "Last change",
    "Contacts checked",
    "Missing here",
  ]);
  assert.equal(await tabsAt(), before);
  await page.locator("#chats .row").first().click();
  await page.locator("#chats .message").first().waitFor();
  assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 380);
  assert.deepEqual(tab.complaints, []);
});

Deno.test("only lists scroll, and the table of months to its end, when there are many chats in a usual window", async () => {
  await using stage = await somethingToSee();
  await using browser = await launchBrowser();
  await using tab = await Tab.open(browser, stage.address, { width: 1280, height: 900 });
  const { page } = tab;
  await page.locator("#chats .row").nth(30).waitFor();
  const heights = async () => await page.evaluate("[document.documentElement.scrollHeight, innerHeight]");
  assert.deepEqual(await heights(), [900, 900]);

  await page.getByText("Numbers by month").click();
  const first = await page.locator(".numbers tbody tr").first().boundingBox();
  assert.ok(first);
  await page.mouse.move(first.x + 5, first.y + 5);
  await page.mouse.wheel(0, 2_000);
  // Scrolled by hand, the last month is not only somewhere: it is what stands under the pointer.
  await untilTrue(
    page,
    `(() => {
    const row = [...document.querySelectorAll(".numbers tbody tr")].at(-1);
    const { left, bottom } = row.getBoundingClientRect();
    return row.contains(document.elementFromPoint(left + 5, bottom - 3));
  })()`,
  );
  assert.deepEqual(await heights(), [900, 900]);
  assert.deepEqual(tab.complaints, []);
});

Deno.test("a hidden text is seen as a bar when the name of who wrote it is long", async () => {
  await using stage = await Stage.open();
  await using browser = await launchBrowser();
  await stage.card({ name: "Bartholomew Featherstonehaugh-Cholmondeley-Majoribanks" }, [SAM.address]);
  const group = await stage.messages.createGroup({ members: [SAM.address, NORA.address], name: "Walks" });
  await stage.messages.message({
    chat: group.guid,
    from: SAM.address,
    text: "the long way round ".repeat(9),
  });
  for (const width of [1280, 380]) {
    await using tab = await Tab.open(browser, stage.address, { width, height: 900 });
    const { page } = tab;
    if (width < 1000) await page.locator(".parts").getByRole("button", { name: "Chats" }).click();
    const last = page.locator("#chats .last", { hasText: "Bartholomew" });
    const line = await last.boundingBox();
    const bar = await last.locator(".veil").boundingBox();
    assert.ok(line && bar);
    assert.ok(bar.width >= 24, `${width}: ${bar.width}`);
    // Whatever does not fit in its line is not seen.
    assert.ok(bar.x + bar.width <= line.x + line.width + 1, `${width}: ${JSON.stringify({ line, bar })}`);
  }
});

Deno.test("two chats with one person are told apart by their address when both are listed", async () => {
  await using stage = await Stage.open();
  await using browser = await launchBrowser();
  const other = "+447700900654";
  await stage.card(SAM, [SAM.address, other]);
  await stage.card(MEI, [MEI.address]);
  for (const address of [SAM.address, other, MEI.address]) {
    await stage.messages.message({ chat: await stage.chatWith({ address }), from: address, text: "hi" });
  }
  await using tab = await Tab.open(browser, stage.address);
  const rows = tab.page.locator("#chats .row");
  await rows.filter({ hasText: SAM.name }).filter({ hasText: SAM.address }).waitFor();
  await rows.filter({ hasText: SAM.name }).filter({ hasText: other }).waitFor();
  await rows.filter({ hasText: MEI.name }).waitFor();
  assert.equal(await rows.filter({ hasText: MEI.address }).count(), 0);
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
