/** Names and merges on the page. */
import assert from "node:assert/strict";
import { launchBrowser, Tab, untilTrue } from "./support/browser.ts";
import { MEI, NORA, SAM, Stage } from "./support/stage.ts";

Deno.test("a name that changes in Contacts is seen at once, and a name given on the page stands above it", async () => {
  await using stage = await Stage.open();
  await using browser = await launchBrowser();
  const chat = await stage.chatWith(NORA);
  await stage.messages.message({ chat, from: NORA.address, text: "hi" });
  await using tab = await Tab.open(browser, stage.address);
  const { page } = tab;
  const people = page.locator("#people");
  await people.getByText(NORA.address).first().waitFor();

  const card = await stage.card(NORA, [NORA.address]);
  await people.locator("b", { hasText: NORA.name }).waitFor();
  await page.locator("#chats .row", { hasText: NORA.name }).waitFor();
  await page.locator("#live .line", { hasText: NORA.address }).filter({ hasText: `is ${NORA.name}` })
    .waitFor();

  await people.getByRole("button", { name: `Rename ${NORA.name}` }).click();
  // Escape leaves everything as it was, and brings the reader back.
  await page.keyboard.press("Escape");
  await untilTrue(page, "document.activeElement.textContent === 'Rename'");
  await page.keyboard.press("Enter");
  await people.getByRole("textbox", { name: /Your name for/ }).fill("Nono");
  await page.keyboard.press("Enter");
  await people.locator("b", { hasText: "Nono" }).waitFor();
  await people.getByText("your name for them").waitFor();
  await stage.contacts.editCard({ store: card.store, uniqueId: card.uniqueId, lastName: "Berg" });
  // Her card's name is known and not shown: only when the choice is taken back.
  await people.getByRole("button", { name: "Rename Nono" }).click();
  await people.getByRole("button", { name: /card’s name/ }).click();
  await people.locator("b", { hasText: "Nora Berg" }).waitFor();
  assert.deepEqual(tab.complaints, []);
});

Deno.test("people are found by name and number when they are searched for", async () => {
  await using stage = await Stage.open();
  await using browser = await launchBrowser();
  for (const person of [NORA, SAM, MEI]) {
    await stage.messages.message({ chat: await stage.chatWith(person), from: person.address, text: "hi" });
    await stage.card(person, [person.address]);
  }
  await using tab = await Tab.open(browser, stage.address);
  const people = tab.page.locator("#people .person");
  await people.filter({ hasText: MEI.name }).waitFor();
  const field = tab.page.getByRole("searchbox");
  await field.fill("okaf");
  await people.filter({ hasText: NORA.name }).waitFor({ state: "detached" });
  await people.filter({ hasText: SAM.name }).waitFor();
  await field.fill("(212) 555");
  await people.filter({ hasText: SAM.name }).waitFor({ state: "detached" });
  await people.filter({ hasText: MEI.name }).waitFor();
  await field.fill("nobody of that name");
  await tab.page.getByText("Nobody is called so.").waitFor();
  assert.deepEqual(tab.complaints, []);
});

Deno.test("two who turn out to be one are shown as merged, and are two again when that is undone", async () => {
  await using stage = await Stage.open();
  await using browser = await launchBrowser();
  for (const person of [NORA, SAM]) {
    await stage.messages.message({ chat: await stage.chatWith(person), from: person.address, text: "hi" });
  }
  // More than a page that begins reads of what was: it has to learn the two by their merge.
  const other = await stage.chatWith(MEI);
  for (let i = 0; i < 100; i++) {
    await stage.messages.message({ chat: other, from: MEI.address, text: `${i}` });
  }
  await using tab = await Tab.open(browser, stage.address);
  const { page } = tab;
  await page.locator("#people .person", { hasText: SAM.address }).waitFor();
  await stage.card(NORA, [NORA.address, SAM.address]);
  await page.locator("#live .line.is-contact", { hasText: /one person|one more number/ }).waitFor();
  await page.locator("#people").getByRole("button", { name: "Merged" }).click();
  const merge = page.locator("#people [data-merge]");
  await merge.getByText("both stand on one card").waitFor();

  await merge.getByRole("button", { name: /^Undo/ }).click();
  await merge.getByText("undone by you").waitFor();
  assert.equal(await merge.getByRole("button").count(), 0);
  await page.locator("#said", { hasText: "The merge is undone" }).waitFor({ state: "attached" });
  const again = page.locator("#live .line.is-contact", {
    hasText: `and ${NORA.name} are two contacts again`,
  });
  await again.filter({ hasText: SAM.address }).waitFor();
  await page.locator("#people").getByRole("button", { name: "All" }).click();
  await page.locator("#people .person", { hasText: NORA.name }).waitFor();
  await page.locator("#people .person b", { hasText: SAM.address }).waitFor();
  // A page that begins anew hears of both before it has read who they are.
  await page.reload();
  await again.filter({ hasText: SAM.address }).waitFor();
  assert.deepEqual(tab.complaints, []);
});
