/** What `doctor` found, in words for a person. Pure. */
import type { Check, CheckId } from "../doctor.ts";
import { OPEN_SETTINGS } from "../platform/full_disk_access.ts";
import { counted, wrapped } from "./words.ts";

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
  instance: "Instance",
  agent: "Agent",
};

const NAME_COLUMN = Math.max(...Object.values(NAMES).map((name) => name.length)) + 2;
const INDENT = " ".repeat(4 + NAME_COLUMN);

/** One line for each check, what to do below those that failed, and a sentence at the end. */
export function diagnosisText(checks: readonly Check[], columns: number): string {
  const width = Math.max(60, Math.min(columns, 110));
  const bad = checks.filter(({ ok }) => !ok).length;
  const end = bad === 0
    ? "All is well."
    : `${counted(bad, "thing")} to mend: see what stands behind →. Then run doctor again.`;
  return `${checks.map((check) => checkText(check, width)).join("")}\n${end}\n`;
}

function checkText({ id, ok, message, fix }: Check, width: number): string {
  const head = `  ${ok ? "✓" : "✗"} ${NAMES[id].padEnd(NAME_COLUMN)}`;
  const said = head + foldedAt(message, INDENT, width).slice(INDENT.length);
  const mend = ok ? [] : [`${INDENT}→ ${foldedAt(fix, `${INDENT}  `, width).slice(INDENT.length + 2)}`];
  return [said, ...mend].map((line) => `${line}\n`).join("");
}

/** A command that is to be copied stays on one line. */
function foldedAt(text: string, indent: string, width: number): string {
  const kept = OPEN_SETTINGS.replaceAll(" ", "\0");
  const plain = text.replace(/\p{Cc}+/gu, " ");
  return wrapped(plain.replaceAll(OPEN_SETTINGS, kept), indent, width).replaceAll("\0", " ");
}
