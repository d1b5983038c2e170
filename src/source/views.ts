/**
 * One shape of the source: TEMP VIEWs over the attached `source` schema with every column that the program uses,
 * whatever the macOS release. A missing column reads as its default, an unknown one is not looked at.
 */
import { text } from "../platform/row.ts";
import type { Connection } from "../platform/sqlite.ts";
import candidateView from "./candidate_view.sql" with { type: "text" };
import { appleTimeMs } from "./apple_time_sql.ts";

interface ViewColumn {
  readonly name: string;
  /** SQL that stands for the column where the table has none. */
  readonly missing: string;
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
/** Text even where a row holds bytes, which JSON can't: one odd row must not hold up all others. */
const words = (name: string): ViewColumn => ({
  name,
  missing: "NULL",
  as: (column) => `CAST(${column} AS TEXT)`,
});
const time = (name: string): ViewColumn => ({ name, missing: "NULL", as: appleTimeMs });

export const VIEWS: readonly View[] = [
  {
    name: "source_message",
    table: "message",
    required: true,
    columns: [
      words("guid"),
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
      plain("cache_has_attachments", "0"),
      plain("item_type", "0"),
      plain("group_action_type", "0"),
      words("group_title"),
      plain("associated_message_guid"),
      plain("associated_message_type", "0"),
      words("associated_message_emoji"),
      words("balloon_bundle_id"),
      words("thread_originator_guid"),
    ],
  },
  {
    name: "source_chat",
    table: "chat",
    required: true,
    columns: [
      plain("guid"),
      plain("style", "0"),
      plain("chat_identifier"),
      plain("service_name"),
      plain("display_name"),
    ],
  },
  {
    name: "source_handle",
    table: "handle",
    required: true,
    columns: [plain("id"), plain("service"), plain("country")],
  },
  {
    name: "source_attachment",
    table: "attachment",
    required: true,
    columns: [
      plain("guid"),
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
    columns: [plain("chat_id"), plain("message_id")],
  },
  {
    name: "source_chat_handle_join",
    table: "chat_handle_join",
    required: true,
    columns: [plain("chat_id"), plain("handle_id")],
  },
  {
    name: "source_message_attachment_join",
    table: "message_attachment_join",
    required: true,
    columns: [plain("message_id"), plain("attachment_id")],
  },
  {
    // macOS 13 and later: Recently Deleted.
    name: "source_recoverable_join",
    table: "chat_recoverable_message_join",
    required: false,
    columns: [plain("chat_id"), plain("message_id"), time("delete_date")],
  },
];

/** Text of the CREATE statement, given the columns that the table has; `undefined` columns: there is no such table. */
export function viewSql(view: View, present: ReadonlySet<string> | undefined): string {
  const columns = view.columns.map((column) => {
    const has = present?.has(column.name) ?? false;
    const value = has ? (column.as?.(`t.${column.name}`) ?? `t.${column.name}`) : column.missing;
    return `${value} AS ${column.name}`;
  });
  return present === undefined
    ? `CREATE TEMP VIEW ${view.name} AS SELECT NULL AS rowid, ${columns.join(", ")} WHERE 0`
    : `CREATE TEMP VIEW ${view.name} AS SELECT t.rowid AS rowid, ${
      columns.join(", ")
    } FROM source.${view.table} t`;
}

/** Makes the views over the attached `source`; gives the names of required tables that it lacks (no view is made then). */
export function createViews(db: Connection): readonly string[] {
  const shapes = VIEWS.map((view) => {
    const columns = db.prepare("SELECT name FROM pragma_table_info(:table, 'source')").all({
      table: view.table,
    });
    return {
      view,
      present: columns.length === 0 ? undefined : new Set(columns.map((row) => text(row, "name"))),
    };
  });
  const lacking = shapes.filter(({ view, present }) => view.required && present === undefined)
    .map(({ view }) => view.table);
  if (lacking.length > 0) return lacking;
  for (const { view, present } of shapes) db.exec(viewSql(view, present));
  db.exec(candidateView);
  return [];
}

/** Left over after DETACH, views would make every ALTER … RENAME on main fail. */
export function dropViews(db: Connection): void {
  db.exec("DROP VIEW IF EXISTS temp.source_candidate");
  for (const view of VIEWS) db.exec(`DROP VIEW IF EXISTS temp.${view.name}`);
}
