import { equal, match, ok } from "node:assert/strict";
import { diagnosisText } from "../../src/cli/doctor_words.ts";
import { OPEN_SETTINGS } from "../../src/platform/full_disk_access.ts";

Deno.test("diagnosisText() puts a mend below what failed, folds to the width, and keeps a command whole", () => {
  const text = diagnosisText(
    [
      { id: "version", ok: true, message: "Fine.", fix: "not shown" },
      {
        id: "permission",
        ok: false,
        message: "The system does not permit to read /Users/jane/Library/Messages/chat.db.",
        fix: `Grant it. To open the page: ${OPEN_SETTINGS}. Syncing resumes automatically\x1b[2J then.`,
      },
    ],
    80,
    "AGAIN",
  );
  const lines = text.split("\n");
  equal(lines[0], "  ✓ Version       Fine.");
  match(text, /\n {2}✗ Permission {4}The system does not permit to read\n {18}\/Users/);
  match(text, /\n {18}→ Grant it\./);
  ok(lines.some((line) => line.includes(OPEN_SETTINGS)));
  ok(!text.includes("not shown") && !text.includes("\x1b"));
  ok(lines.every((line) => line.length <= 80 || line.includes(OPEN_SETTINGS)), text);
  match(text, /\n\n1 problem; the fix is marked →\. Then: AGAIN\n$/);
});

Deno.test("diagnosisText() says that all is well when nothing failed", () => {
  match(
    diagnosisText([{ id: "port", ok: true, message: "Free.", fix: "" }], 80, "AGAIN"),
    /\n\nAll checks passed\.\n$/,
  );
});

Deno.test("diagnosisText() counts no problem and gives no mark of failure or success to what could not be checked", () => {
  const text = diagnosisText(
    [
      { id: "messages_database", ok: false, message: "Missing.", fix: "Open Messages." },
      { id: "permission", ok: true, message: "Not checked.", fix: "", skipped: true },
      { id: "schema", ok: false, message: "Not checked.", fix: "Fix that first.", skipped: true },
    ],
    80,
    "AGAIN",
  );
  match(text, /\n {2}– Permission {4}Not checked\.\n {2}– Its tables {4}Not checked\.\n\n1 problem; the fix/);
});
