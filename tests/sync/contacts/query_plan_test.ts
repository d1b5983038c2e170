import { deepEqual, ok } from "node:assert/strict";
import mergeSql from "../../../src/sync/contacts/sql/merge.sql" with { type: "text" };
import { text } from "../../../src/sqlite/row.ts";
import { openChatStatsDatabase } from "../../../src/store/database.ts";
import { sectionOf } from "../../support/sql_sections.ts";

Deno.test("a merge finds the names on its cards by index, however many cards there are", () => {
  const folder = Deno.makeTempDirSync();
  try {
    using db = openChatStatsDatabase(`${folder}/x.db`, { randomUuid: () => crypto.randomUUID() });
    const steps = db.prepare(`EXPLAIN QUERY PLAN ${sectionOf(mergeSql, "hasCardName")}`)
      .all({ from: 1, into: 2, cards: "[]" }).map((row) => text(row, "detail"));
    ok(steps.some((step) => step.includes("address_book_cards_unique_id")), steps.join("\n"));
    ok(steps.some((step) => step.includes("address_book_cards_link_id")), steps.join("\n"));
    deepEqual(steps.filter((step) => /^SCAN (?!json_each|.*VIRTUAL)/.test(step)), []);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
