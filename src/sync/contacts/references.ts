/**
 * Which columns say "this contact". Found from the foreign keys, so that a table which comes later is never forgotten by
 * a merge. SQLite itself writes the statements (sql/contact_references.sql), with the names as it knows them.
 *
 * - `identifier`: the row also says from which identifier it came (`sender_id` beside `sender_identifier_id`), so an
 *   undo follows that.
 * - `members`: chat_participants, which follows from chat_members.
 * - `remembered`: no identifier is kept; a merge notes which rows it re-pointed or dropped.
 */
import { LiveSyncError } from "../../model/errors.ts";
import { integer, text } from "../../sqlite/row.ts";
import type { Connection, Row } from "../../sqlite/sqlite.ts";
import contactReferences from "./sql/contact_references.sql" with { type: "text" };

export interface ContactReference {
  readonly table: string;
  readonly column: string;
  readonly kind: "identifier" | "members" | "remembered";
  /** Re-points what can be; a row whose like is there already stays. Parameters `from`, `into`. */
  readonly repoint: string;
  /** Takes the rows away that still stand. Parameter `from`. */
  readonly drop: string;
  /** Kind `identifier`: back to `from` what came from `temp.split_identifier`. Parameters `from`, `into`. */
  readonly split: string;
  /** Kind `remembered`: parameters `merge`, `table`, `column` and, where rows are looked up, `from` and `into`. */
  readonly remember: string;
  readonly rememberDropped: string;
  readonly restore: string;
  readonly restoreDropped: string;
}

/** Looks for them once and again whenever the schema has changed: finding them costs more than most merges. */
export class ContactReferences {
  readonly #db: Connection;
  #schemaVersion: number | null = null;
  #references: readonly ContactReference[] = [];

  constructor(db: Connection) {
    this.#db = db;
  }

  /** Every column that refers to contacts, but for those that tell of merges and of whose an identifier is. */
  all(): readonly ContactReference[] {
    const version = integer(this.#db.prepare("PRAGMA main.schema_version").get() ?? {}, "schema_version");
    if (version !== this.#schemaVersion) {
      this.#references = contactReferencesOf(this.#db);
      this.#schemaVersion = version;
    }
    return this.#references;
  }
}

function contactReferencesOf(db: Connection): ContactReference[] {
  return db.prepare(contactReferences).all().map((row) => ({
    table: text(row, "table"),
    column: text(row, "column"),
    kind: kindOf(row),
    repoint: text(row, "repoint"),
    drop: text(row, "drop"),
    split: text(row, "split"),
    remember: text(row, "remember"),
    rememberDropped: text(row, "remember_dropped"),
    restore: text(row, "restore"),
    restoreDropped: text(row, "restore_dropped"),
  }));
}

function kindOf(row: Row): ContactReference["kind"] {
  const kind = text(row, "kind");
  if (kind === "identifier" || kind === "members" || kind === "remembered") return kind;
  throw new LiveSyncError("unexpected_reference", "Cannot tell how a table refers to contacts");
}
