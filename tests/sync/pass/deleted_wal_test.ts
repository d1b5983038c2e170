import { deepEqual, equal } from "node:assert/strict";
import { deafenedFromText, deafenedToText } from "../../../src/sync/pass/deleted_wal.ts";

Deno.test("deafenedFromText() reads what deafenedToText() wrote, and nothing else", () => {
  for (const birthMs of [3, null]) {
    const file = { device: 1, inode: 2, birthMs };
    deepEqual(deafenedFromText(deafenedToText(file)), file);
  }
  equal(deafenedToText(null), null);
  for (const text of [null, "{}", "[]", '["1",2]']) equal(deafenedFromText(text), null);
});
