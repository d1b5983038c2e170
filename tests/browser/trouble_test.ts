/** What the page says when the program can't do its work, and how far it is while it does. */
import assert from "node:assert/strict";
import { boundByPermissions } from "../support/bound_by_permissions.ts";
import { launchBrowser, Tab } from "./support/browser.ts";
import { NORA, Stage } from "./support/stage.ts";

const before = boundByPermissions();

Deno.test(
  "the page asks for the permission and leads to where it is given, and goes live by itself when it is",
  { ignore: before === null },
  async () => {
    await using stage = await Stage.open({ before: before ?? [] });
    await using browser = await launchBrowser();
    await stage.endSidecar();
    Deno.chmodSync(`${stage.folder}/Messages`, 0o000);
    await stage.startSidecar();
    await using tab = await Tab.open(browser, stage.address);
    const { page } = tab;
    await page.locator("#state.bad", { hasText: "Needs permission" }).waitFor();
    const notice = page.locator('[data-trouble="stop"]');
    assert.equal(await notice.count(), 1);
    await notice.getByRole("heading", { name: /macOS asks for your permission/ }).waitFor();
    assert.equal(
      await notice.getByRole("link", { name: /System Settings/ }).getAttribute("href"),
      "x-apple.systempreferences:com.apple.preference.security?Privacy_AllFiles",
    );
    Deno.chmodSync(`${stage.folder}/Messages`, 0o700);
    await page.locator("#state.good").waitFor();
    assert.equal(await notice.count(), 0);
    assert.deepEqual(tab.complaints, []);
  },
);

Deno.test("the page says what is missing when there is no Messages database, and goes live when there is", async () => {
  await using stage = await Stage.open();
  await using browser = await launchBrowser();
  await stage.endSidecar();
  Deno.renameSync(`${stage.folder}/Messages`, `${stage.folder}/elsewhere`);
  await stage.startSidecar();
  await using tab = await Tab.open(browser, stage.address);
  const { page } = tab;
  await page.locator("#state.bad", { hasText: "Messages not found" }).waitFor();
  await page.locator('[data-trouble="stop"]', { hasText: "Open Messages once" }).waitFor();
  Deno.renameSync(`${stage.folder}/elsewhere`, `${stage.folder}/Messages`);
  await page.locator("#state.good").waitFor();
  assert.deepEqual(tab.complaints, []);
});

Deno.test("the page shows how far an import is, and everything when it is done", async () => {
  await using stage = await Stage.open({ messages: 25_000, isLive: false });
  await using browser = await launchBrowser();
  await using tab = await Tab.open(browser, stage.address);
  const { page } = tab;
  // Whoever comes late sees it done: what counts is that progress, when there was any, gives way to the whole.
  await page.locator("#importing progress, #state.good").first().waitFor();
  await page.locator("#state.good").waitFor();
  await page.locator("#importing").waitFor({ state: "detached" });
  await page.locator("#chats .row").nth(20).waitFor();
  await page.locator("#activity .legend button").nth(3).waitFor();
  assert.deepEqual(tab.complaints.filter((text) => !text.includes("503")), []);
});

Deno.test("nothing is asked of anybody but the program when the page is used", async () => {
  await using stage = await Stage.open();
  await using browser = await launchBrowser();
  await stage.messages.message({ chat: await stage.chatWith(NORA), from: NORA.address, text: "hi" });
  await using tab = await Tab.open(browser, "about:blank");
  const { page } = tab;
  const asked = new Set<string>();
  page.on("request", (request) => asked.add(new URL(request.url()).origin));
  await page.goto(stage.address);
  await page.locator("#chats .row").first().click();
  await page.locator("#chats .message").first().waitFor();
  assert.deepEqual([...asked], [stage.url]);
  // What the policy keeps from being asked at all, it complains of.
  assert.deepEqual(tab.complaints, []);
});
