/** The pure functions of transform/, registered for the statements of a pass. */
import type { Connection, SqlValue } from "../../sqlite/sqlite.ts";
import { normaliseIdentifier } from "../../people/identifier.ts";
import { readEditHistory, storedVersions } from "../../apple_formats/edit_history.ts";
import { reactionType } from "../../apple_formats/reaction_type.ts";
import { decodeAttributedBody } from "../../apple_formats/typedstream.ts";

const ATTACHMENT_PLACEHOLDER = "\uFFFC";

/**
 * - `body_text(body)`: text of an attributedBody without attachment placeholders, '' if it has none, NULL if it can't
 *   be read.
 * - `identifier(raw, region)`, `identifier_type(raw, region)`: normal form of an address.
 * - `tells_unsend(message_summary_info)`: 1 if a part or all of the message was taken back, else 0.
 * - `edit_versions(message_summary_info)`: JSON array of `part`, `version`, `content`, `edited_at` for `message_edits`.
 * - `reaction_type(associated_message_type)`: word for a tapback that is added.
 */
export function defineSqlFunctions(db: Connection): void {
  db.defineFunction("body_text", (body: SqlValue) => {
    if (!(body instanceof Uint8Array)) return null;
    const decoded = decodeAttributedBody(body);
    if (!decoded.ok) return null;
    return decoded.text.includes(ATTACHMENT_PLACEHOLDER)
      ? decoded.text.replaceAll(ATTACHMENT_PLACEHOLDER, "")
      : decoded.text;
  });
  db.defineFunction("identifier", (raw: SqlValue, region: SqlValue) => addressOf(raw, region).identifier);
  db.defineFunction("identifier_type", (raw: SqlValue, region: SqlValue) => addressOf(raw, region).type);
  db.defineFunction("tells_unsend", (summary: SqlValue) => {
    const history = summary instanceof Uint8Array ? readEditHistory(summary) : null;
    return history?.ok && history.unsent !== "none" ? 1 : 0;
  });
  db.defineFunction("edit_versions", (summary: SqlValue) => {
    const history = summary instanceof Uint8Array ? readEditHistory(summary) : null;
    const versions = history?.ok ? storedVersions(history.parts) : [];
    return JSON.stringify(
      versions.map(({ part, version, content, editedAtMs }) => ({
        part,
        version,
        content,
        edited_at: editedAtMs,
      })),
    );
  });
  db.defineFunction("reaction_type", (code: SqlValue) => reactionType(Number(code)));
}

function addressOf(raw: SqlValue, region: SqlValue): { readonly type: string; readonly identifier: string } {
  return normaliseIdentifier(raw === null ? "" : String(raw), typeof region === "string" ? region : null);
}
