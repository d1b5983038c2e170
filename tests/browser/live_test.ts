/** What happens in Messages is seen on the page, in a real Chromium. */
import assert from "node:assert/strict";
import { launchBrowser, Tab, untilTrue } from "./support/browser.ts";
import { NORA, SAM, Stage } from "./support/stage.ts";

Deno.test("the page shows a message when Messages writes it, its words when they are asked for, and remembers that", async () => {
  await using stage = await Stage.open();
  await using browser = await launchBrowser();
  await using tab = await Tab.open(browser, stage.address);
  const { page } = tab;
  await page.locator("#state.good", { hasText: "Live" }).waitFor();
  // The key is out of sight.
  assert.equal(new URL(page.url()).hash, "");

  const chat = await stage.chatWith(NORA);
  await stage.messages.message({ chat, from: NORA.address, text: "the soup is ready" });
  const line = page.locator("#live .line.is-message").first();
  await line.waitFor();
  assert.equal(await line.locator(".veil").count(), 1);
  assert.ok(!(await page.content()).includes("the soup is ready"), "hidden words are not in the page at all");

  await page.getByRole("button", { name: "Show text" }).click();
  await line.getByText("the soup is ready").waitFor();
  await page.reload();
  await page.locator("#live .line", { hasText: "the soup is ready" }).waitFor();
  await page.locator("#chats .row", { hasText: "the soup is ready" }).waitFor();

  await page.getByRole("button", { name: "Hide text" }).click();
  await page.reload();
  await page.locator("#live .line .veil").first().waitFor();
  assert.ok(!(await page.content()).includes("the soup is ready"));
  assert.deepEqual(tab.complaints, []);
});

Deno.test("an opened chat shows replies, reactions, files and edits as they come", async () => {
  await using stage = await Stage.open();
  await using browser = await launchBrowser();
  const chat = await stage.chatWith(NORA);
  const first = await stage.messages.message({ chat, from: NORA.address, text: "lunch?" });
  await using tab = await Tab.open(browser, stage.address);
  const { page } = tab;
  await page.getByRole("button", { name: "Show text" }).click();
  await page.locator("#chats .row").first().click();
  await page.locator("#chats .message", { hasText: "lunch?" }).waitFor();
  assert.equal(await page.evaluate("document.activeElement.id"), "chats-title");

  const mine = await stage.messages.message({ chat, text: "in ten minuets" });
  await page.locator("#chats .message.mine", { hasText: "in ten minuets" }).waitFor();
  await stage.messages.edit({ guid: mine.guid, text: "in ten minutes" });
  await page.locator("#chats .message.mine", { hasText: "in ten minutes" }).waitFor();
  await page.locator("#chats .edits summary").click();
  await page.locator("#chats .edits", { hasText: "in ten minuets" }).waitFor();
  await stage.messages.tapback({ target: first.guid, kind: "love" });
  await page.locator("#chats .reactions", { hasText: "❤️" }).waitFor();
  await stage.messages.message({
    chat,
    from: NORA.address,
    attachments: [{ name: "menu.pdf", mimeType: "application/pdf", uti: "com.adobe.pdf", bytes: 12_345 }],
  });
  await page.locator("#chats .file", { hasText: "menu.pdf" }).waitFor();
  await stage.messages.unsend({ guid: mine.guid });
  await page.locator("#chats .message.mine .gone", { hasText: "Unsent" }).waitFor();
  // What was unsent is not left standing in the feed, either.
  await page.locator("#live .line", { hasText: "A message was unsent" }).waitFor();
  assert.equal(await page.locator("#live", { hasText: "in ten minutes" }).count(), 0);

  await page.keyboard.press("Escape");
  await page.locator("#chats .row").first().waitFor();
  await untilTrue(page, "document.activeElement.matches('[data-chat]')");
  assert.deepEqual(tab.complaints, []);
});

Deno.test("a line of the feed says what was reacted to and who sent a file, and in which chat only if that is news", async () => {
  await using stage = await Stage.open();
  await using browser = await launchBrowser();
  const members = [NORA.address, SAM.address];
  const { guid: group } = await stage.messages.createGroup({ members, name: "Walks" });
  const two = await stage.chatWith(NORA);
  await using tab = await Tab.open(browser, stage.address);
  const { page } = tab;
  const lines = page.locator("#live .line");
  const asked = await stage.messages.message({
    chat: group,
    from: NORA.address,
    text: "who comes on Sunday?",
  });
  await stage.messages.tapback({ target: asked.guid, kind: "like", from: SAM.address });
  const reaction = lines.filter({ hasText: "reacted with 👍" });
  await reaction.waitFor();
  await page.locator("#chats .row").first().waitFor();
  assert.doesNotMatch(await page.content(), /on Sunday/);

  await page.getByRole("button", { name: "Show text" }).click();
  await reaction.filter({ hasText: "reacted with 👍 to “who comes on Sunday?”" }).waitFor();
  await stage.messages.edit({ guid: asked.guid, text: "who comes on Monday?" });
  await reaction.filter({ hasText: "to “who comes on Monday?”" }).waitFor();
  await stage.messages.unsend({ guid: asked.guid });
  await reaction.filter({ hasText: /👍$/ }).waitFor();

  await stage.messages.message({
    chat: group,
    from: SAM.address,
    attachments: [{ name: "map.pdf", mimeType: "application/pdf", uti: "com.adobe.pdf", bytes: 12_345 }],
  });
  await lines.filter({ hasText: "sent a file: map.pdf" }).filter({ hasText: `${SAM.address}in Walks` })
    .waitFor();

  await stage.messages.message({ chat: two, from: NORA.address, text: "it is me" });
  await stage.card(NORA, [NORA.address]);
  await page.locator("#chats .row b", { hasText: NORA.name }).waitFor();
  const alone = lines.filter({ hasText: "it is me" });
  assert.equal(await alone.locator("b").textContent(), NORA.address);
  assert.equal(await alone.locator(".where").textContent(), "");
  assert.deepEqual(tab.complaints, []);
});
