/** The page outlives the program. */
import assert from "node:assert/strict";
import { launchBrowser, Tab } from "./support/browser.ts";
import { NORA, Stage } from "./support/stage.ts";

Deno.test("the page says that it reconnects, does so by itself, and has lost nothing when the sidecar was restarted", async () => {
  await using stage = await Stage.open();
  await using browser = await launchBrowser();
  const chat = await stage.chatWith(NORA);
  await using tab = await Tab.open(browser, stage.address);
  const { page } = tab;
  await page.locator("#state.good").waitFor();
  await page.getByRole("button", { name: "Show text" }).click();
  const say = (text: string) => stage.messages.message({ chat, from: NORA.address, text });
  await say("before");
  await page.locator("#live .line", { hasText: "before" }).waitFor();

  await stage.endSidecar();
  await page.locator("#state", { hasText: "Reconnecting" }).waitFor();
  await page.getByRole("heading", { name: "The program does not answer" }).waitFor();
  for (const n of [1, 2, 3]) await say(`meanwhile ${n}`);
  await stage.startSidecar();

  await page.locator("#live .line", { hasText: "meanwhile 3" }).waitFor();
  await say("after");
  await page.locator("#live .line", { hasText: "after" }).waitFor();
  const words = await page.locator("#live .line.is-message .written").allTextContents();
  assert.deepEqual(words, ["after", "meanwhile 3", "meanwhile 2", "meanwhile 1", "before"]);
  assert.equal(await page.locator("#reconnecting").count(), 0);
  // What the browser itself says of a server that is gone is no fault of the page.
  assert.deepEqual(
    tab.complaints.filter((text) => !/ERR_CONNECTION_REFUSED|WebSocket connection/.test(text)),
    [],
  );
});

Deno.test("the page tells how to get in when it has no key, a wrong one, or one that has ended", async () => {
  await using stage = await Stage.open();
  await using browser = await launchBrowser();
  await using without = await Tab.open(browser, stage.url);
  await without.page.getByRole("heading", { name: "This page needs its key" }).waitFor();
  await without.page.getByText("npx -y deno@2.9.6 task open").waitFor();
  await using wrong = await Tab.open(browser, `${stage.url}/#token=wrong`);
  await wrong.page.getByRole("heading", { name: "The key of this page has ended" }).waitFor();
  // The right address in the same tab is all that it takes.
  await wrong.page.goto(stage.address);
  await wrong.page.locator("#state.good").waitFor();
});
