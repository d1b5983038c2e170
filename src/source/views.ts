/**
 * One shape of the source: TEMP VIEWs over the attached `source` schema with every column that the program uses,
 * whatever the macOS release. A missing column reads as its default, an unknown one is not looked at.
 *
 * Keys have no default, and the tables that every release has can't be done without: read as empty, one of them would
 * say that its rows were deleted. Without Recently Deleted, which macOS 11 and before have not, nothing is deleted.
 */
import { integer, text } from "../sqlite/row.ts";
import type { Connection } from "../sqlite/sqlite.ts";
import candidateView from "./candidate_view.sql" with { type: "text" };
import { appleTimeMs } from "./apple_time_sql.ts";

interface ViewColumn {
  readonly name: string;
  /** SQL that stands for the column where the table has none; undefined: without it nothing can be read. */
  readonly missing: string | undefined;
  /** Made from the column, where it is not taken as it is. */
  readonly as?: (column: string) => string;
}
interface View {
  readonly name: string;
  readonly table: string;
  /** Without it nothing can be read. */
  readonly required: boolean;
  readonly columns: readonly ViewColumn[];
}

const plain = (name: string, missing = "NULL"): ViewColumn => ({ name, missing });
/** What rows are matched by. */
const key = (name: string): ViewColumn => ({ name, missing: undefined });
/** Text even where a row holds bytes, which JSON can't: one odd row must not hold up all others. */
const words = (name: string): ViewColumn => ({
  name,
  missing: "NULL",
  as: (column) => `CAST(${column} AS TEXT)`,
});
const time = (name: string): ViewColumn => ({ name, missing: "NULL", as: appleTimeMs });

/** Exported for its test. */
export const VIEWS: readonly View[] = [
  {
    name: "source_message",
    table: "message",
    required: true,
    columns: [
      { ...words("guid"), missing: undefined },
      plain("text"),
      plain("attributedBody"),
      words("service"),
      plain("handle_id", "0"),
      plain("other_handle", "0"),
      time("date"),
      time("date_read"),
      time("date_delivered"),
      time("date_edited"),
      time("date_retracted"),
      plain("is_from_me", "0"),
      plain("is_audio_message", "0"),
      plain("error", "0"),
      plain("cache_has_attachments", "0"),
      plain("item_type", "0"),
      plain("group_action_type", "0"),
      words("group_title"),
      plain("associated_message_guid"),
      plain("associated_message_type", "0"),
      words("associated_message_emoji"),
      words("balloon_bundle_id"),
      words("thread_originator_guid"),
      plain("message_summary_info"),
    ],
  },
  {
    name: "source_chat",
    table: "chat",
    required: true,
    columns: [
      key("guid"),
      plain("style", "0"),
      plain("chat_identifier"),
      plain("service_name"),
      plain("display_name"),
      plain("is_archived", "0"),
    ],
  },
  {
    name: "source_handle",
    table: "handle",
    required: true,
    columns: [key("id"), plain("service"), plain("country")],
  },
  {
    name: "source_attachment",
    table: "attachment",
    required: true,
    columns: [
      key("guid"),
      words("filename"),
      words("transfer_name"),
      words("mime_type"),
      words("uti"),
      plain("total_bytes"),
      plain("transfer_state"),
      plain("is_sticker", "0"),
      time("created_date"),
    ],
  },
  {
    name: "source_chat_message_join",
    table: "chat_message_join",
    required: true,
    columns: [key("chat_id"), key("message_id")],
  },
  {
    name: "source_chat_handle_join",
    table: "chat_handle_join",
    required: true,
    columns: [key("chat_id"), key("handle_id")],
  },
  {
    name: "source_message_attachment_join",
    table: "message_attachment_join",
    required: true,
    columns: [key("message_id"), key("attachment_id")],
  },
  {
    // macOS 13 and later: Recently Deleted.
    name: "source_recoverable_join",
    table: "chat_recoverable_message_join",
    required: false,
    columns: [key("chat_id"), key("message_id"), time("delete_date")],
  },
  // GUIDs of messages that were deleted, as far as Messages keeps such lists.
  { name: "source_deleted", table: "deleted_messages", required: false, columns: [plain("guid")] },
  { name: "source_sync_deleted", table: "sync_deleted_messages", required: false, columns: [plain("guid")] },
  {
    name: "source_removed_recoverable",
    table: "unsynced_removed_recoverable_messages",
    required: false,
    columns: [plain("message_guid")],
  },
];

type Present = ReadonlySet<string> | undefined;

/** Text of the CREATE statement, given the columns that the table has; `undefined` columns: there is no such table. */
function viewSql(view: View, present: Present): string {
  const columns = view.columns.map((column) => {
    const has = present?.has(column.name) ?? false;
    const value = has ? (column.as?.(`t.${column.name}`) ?? `t.${column.name}`) : column.missing ?? "NULL";
    return `${value} AS ${column.name}`;
  });
  return present === undefined
    ? `CREATE TEMP VIEW ${view.name} AS SELECT NULL AS rowid, ${columns.join(", ")} WHERE 0`
    : `CREATE TEMP VIEW ${view.name} AS SELECT t.rowid AS rowid, ${
      columns.join(", ")
    } FROM source.${view.table} t`;
}

interface Shape {
  readonly view: View;
  readonly present: Present;
}

function shapesOf(db: Connection): Shape[] {
  return VIEWS.map((view) => {
    const columns = db.prepare("SELECT name FROM pragma_table_info(:table, 'source')").all({
      table: view.table,
    });
    return {
      view,
      present: columns.length === 0 ? undefined : new Set(columns.map((row) => text(row, "name"))),
    };
  });
}

/** What this program would use and the attached `source` does without, as releases do: `deleted_messages`, `message.date_edited`. */
export function absentParts(db: Connection): string[] {
  return shapesOf(db).flatMap(({ view, present }) =>
    present === undefined
      ? [view.table]
      : view.columns.filter(({ name }) => !present.has(name)).map(({ name }) => `${view.table}.${name}`)
  );
}

/** What nothing can be read without and the source does not have, as `table chat, handle`; null: nothing. */
function lackingOf(shapes: readonly Shape[]): string | null {
  const tables = shapes.filter(({ view, present }) => view.required && present === undefined);
  if (tables.length > 0) return `table ${tables.map(({ view }) => view.table).join(", ")}`;
  const columns = shapes.flatMap(({ view, present }) =>
    view.columns.filter(({ name, missing }) => missing === undefined && present?.has(name) === false)
      .map(({ name }) => `${view.table}.${name}`)
  );
  return columns.length > 0 ? `column ${columns.join(", ")}` : null;
}

/**
 * Makes the views over the attached `source`, in place of those that were there. Gives what the source lacks, in words;
 * the views are as they were then.
 */
export function createViews(db: Connection): string | null {
  const shapes = shapesOf(db);
  const lacking = lackingOf(shapes);
  if (lacking !== null) return lacking;
  dropViews(db);
  for (const { view, present } of shapes) db.exec(viewSql(view, present));
  db.exec(candidateView);
  return null;
}

/** Moves with every change of the source's tables, whoever made it. */
export function schemaVersion(db: Connection): number {
  const row = db.prepare("PRAGMA source.schema_version").get();
  return row === undefined ? 0 : integer(row, "schema_version");
}

/** Left over after DETACH, views would make every ALTER … RENAME on main fail. */
export function dropViews(db: Connection): void {
  for (
    const name of ["source_candidate", "source_chat_said", "source_message_guid", "source_attachment_guid"]
  ) {
    db.exec(`DROP VIEW IF EXISTS temp.${name}`);
  }
  for (const view of VIEWS) db.exec(`DROP VIEW IF EXISTS temp.${view.name}`);
}
