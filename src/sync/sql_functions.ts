/** The pure functions of transform/, registered for the statements of a pass. */
import type { Connection, SqlValue } from "../platform/sqlite.ts";
import { normaliseIdentifier } from "../transform/identifier.ts";
import { reactionType } from "../transform/reaction_type.ts";
import { decodeAttributedBody } from "../transform/typedstream.ts";

const ATTACHMENT_PLACEHOLDER = "\uFFFC";

/**
 * - `body_text(body)`: text of an attributedBody without attachment placeholders, '' if it has none, NULL if it can't
 *   be read.
 * - `identifier(raw, region)`, `identifier_type(raw, region)`: normal form of an address.
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
  db.defineFunction("reaction_type", (code: SqlValue) => reactionType(Number(code)));
}

function addressOf(raw: SqlValue, region: SqlValue): { readonly type: string; readonly identifier: string } {
  return normaliseIdentifier(raw === null ? "" : String(raw), typeof region === "string" ? region : null);
}
