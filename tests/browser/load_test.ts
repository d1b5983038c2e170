/** 10,000 messages in a minute: the page stays usable, shows the newest, and keeps no more than it needs. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { launchBrowser, Tab } from "./support/browser.ts";
import { MEI, NORA, SAM, Stage } from "./support/stage.ts";

const MESSAGES = 10_000;
const SECONDS = 60;
/** Longest time from a press of a button to the next two frames, at the median: what still feels at once. */
const PRESS_MS = 200;
/** The longest time in which the page answers nothing. */
const LONGEST_TASK_MS = 1_000;

/** Remembers every task of more than 50 ms. */
async function watchLongTasks(page: Page): Promise<void> {
  await page.evaluate(`
    globalThis.longTasks = [];
    new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration)))
      .observe({ type: "longtask" });`);
}

async function numbers(page: Page, expression: string): Promise<number[]> {
  const given: unknown = await page.evaluate(expression);
  assert.ok(Array.isArray(given));
  return given.map(Number);
}

/** Presses the button that draws every line anew, and waits until it is seen. */
const PRESS = `new Promise((done) => {
  const started = performance.now();
  document.getElementById("text-toggle").click();
  requestAnimationFrame(() => requestAnimationFrame(() => done([performance.now() - started])));
})`;

Deno.test("the page stays usable when 10,000 messages come in a minute", async () => {
  await using stage = await Stage.open({ messages: 2_000 });
  await using browser = await launchBrowser();
  const chats = [];
  for (const person of [NORA, SAM, MEI]) chats.push(await stage.chatWith(person));
  await using tab = await Tab.open(browser, stage.address);
  const { page } = tab;
  await page.locator("#state.good").waitFor();
  await page.locator("#chats .row").first().waitFor();
  await watchLongTasks(page);
  const nodesBefore = await page.evaluate("document.querySelectorAll('*').length");

  let isOver = false;
  const traffic = stage.messages.traffic({
    perSecond: Math.ceil(MESSAGES / SECONDS),
    seconds: SECONDS,
    chats,
  })
    .finally(() => isOver = true);
  const presses: number[] = [];
  while (!isOver) {
    presses.push(...await numbers(page, PRESS));
    // A person does not press all the time.
    await page.waitForTimeout(500);
  }
  const written = await traffic;
  await stage.messages.message({ chat: chats[0] ?? "", from: NORA.address, text: "the very last" });
  if (await page.locator("#text-toggle[aria-pressed=false]").count() > 0) {
    await page.locator("#text-toggle").click();
  }
  const lastSaid = performance.now();
  await page.locator("#live .line", { hasText: "the very last" }).waitFor();
  const behindMs = Math.round(performance.now() - lastSaid);

  const tasks = await numbers(page, "globalThis.longTasks");
  const longest = Math.round(Math.max(0, ...tasks));
  const total = Math.round(tasks.reduce((sum, each) => sum + each, 0));
  const press = Math.round(presses.toSorted((a, b) => a - b)[Math.floor(presses.length / 2)] ?? NaN);
  const lines = await page.locator("#live .line").count();
  console.log(
    `${written.length} messages in ${SECONDS} s: ${tasks.length} tasks over 50 ms, ${total} ms in all, the longest ` +
      `${longest} ms; a press took ${press} ms at the median (${presses.length} presses); the last message was ` +
      `seen ${behindMs} ms after all the others; ${lines} lines shown, ${nodesBefore} elements before`,
  );
  assert.ok(written.length >= MESSAGES);
  assert.ok(press < PRESS_MS, `a press took ${press} ms`);
  assert.ok(longest < LONGEST_TASK_MS, `the longest task took ${longest} ms`);
  assert.equal(lines, 200);
  assert.deepEqual(tab.complaints, []);
});
