/** What `doctor` found, in words for a person. Pure. */
import type { Check, CheckId } from "../doctor/diagnosis.ts";
import { counted, folded } from "./words.ts";

const NAMES: Readonly<Record<CheckId, string>> = {
  version: "Version",
  messages_database: "Messages",
  permission: "Permission",
  schema: "Its tables",
  contacts: "Contacts",
  database: "Our database",
  volume: "Its volume",
  disk: "Disk space",
  port: "Port",
  instance: "In use by",
  agent: "Agent",
};

const NAME_COLUMN = Math.max(...Object.values(NAMES).map((name) => name.length)) + 2;
const INDENT = " ".repeat(4 + NAME_COLUMN);

/** One line for each check, what to do below those that failed, and a sentence at the end. `again`: what to type then. */
export function diagnosisText(checks: readonly Check[], columns: number, again: string): string {
  const width = Math.max(60, Math.min(columns, 110));
  const bad = checks.filter((check) => !check.ok && !check.skipped).length;
  const end = bad === 0
    ? "All checks passed."
    : `${counted(bad, "problem")}; ${bad === 1 ? "the fix is" : "fixes are"} marked →. Then: ${again}`;
  return `${checks.map((check) => checkText(check, width)).join("")}\n${end}\n`;
}

function checkText({ id, ok, message, fix, skipped }: Check, width: number): string {
  const head = `  ${skipped ? "–" : ok ? "✓" : "✗"} ${NAMES[id].padEnd(NAME_COLUMN)}`;
  const said = head + folded(message, INDENT, width).slice(INDENT.length);
  // What has to be mended first stands at its own check.
  const mend = ok || skipped
    ? []
    : [`${INDENT}→ ${folded(fix, `${INDENT}  `, width).slice(INDENT.length + 2)}`];
  return [said, ...mend].map((line) => `${line}\n`).join("");
}
