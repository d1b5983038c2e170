/**
 * One shape for the stores of all macOS releases: TEMP views whose columns are there and have the type that is wanted,
 * whatever the file holds. A value of another type is NULL and counts in `odd`.
 */
import { text } from "../sqlite/row.ts";
import type { Connection } from "../sqlite/sqlite.ts";

interface Column {
  readonly name: string;
  readonly from: string;
  readonly required: boolean;
  /** The value in SQL, of `t.FROM`. */
  readonly value: (column: string) => string;
  /** Whether it is of a type that can't be read, in SQL. */
  readonly odd: (column: string) => string;
}

interface View {
  readonly name: string;
  readonly table: string;
  readonly columns: readonly Column[];
}

const required = { required: true } as const;

/** Numbers are text that somebody forgot to quote; bytes are none. */
function words(name: string, from: string, { required = false } = {}): Column {
  return {
    name,
    from,
    required,
    value: (column) => `CASE typeof(${column}) WHEN 'blob' THEN NULL ELSE CAST(${column} AS TEXT) END`,
    odd: (column) => `typeof(${column}) = 'blob'`,
  };
}

/** The table's own key, as it stands, so that rows come in its order without being sorted. */
function key(name: string, from: string): Column {
  return { name, from, required: true, value: (column) => column, odd: () => "0" };
}

function whole(name: string, from: string, { required = false } = {}): Column {
  return {
    name,
    from,
    required,
    // The cast gives it the affinity of Z_PK: without it SQLite would join cards and numbers by scanning them all.
    value: (column) => `CAST(CASE typeof(${column}) WHEN 'integer' THEN ${column} END AS INTEGER)`,
    odd: (column) => `typeof(${column}) NOT IN ('integer', 'null')`,
  };
}

/** Seconds since 2001 as milliseconds since 1970; beyond some 3,000 years it is no date. */
function moment(name: string, from: string): Column {
  const isDate = (column: string) => `typeof(${column}) IN ('integer', 'real') AND abs(${column}) < 1e11`;
  return {
    name,
    from,
    required: false,
    value: (column) =>
      `CASE WHEN ${isDate(column)} THEN CAST(round((${column} + 978307200.0) * 1000) AS INTEGER) END`,
    odd: (column) => `(${column} IS NOT NULL AND NOT (${isDate(column)}))`,
  };
}

/**
 * What would make people nameless or numberless if it were taken for empty is required; what only some cards have, and
 * older releases lack, is not.
 */
const VIEWS: readonly View[] = [
  {
    name: "card_entity",
    table: "Z_PRIMARYKEY",
    columns: [whole("entity", "Z_ENT", required), words("entity_name", "Z_NAME", required)],
  },
  {
    name: "card_record",
    table: "ZABCDRECORD",
    columns: [
      key("record", "Z_PK"),
      whole("entity", "Z_ENT", required),
      words("unique_id", "ZUNIQUEID", required),
      words("link_id", "ZLINKID"),
      words("first_name", "ZFIRSTNAME", required),
      words("middle_name", "ZMIDDLENAME"),
      words("last_name", "ZLASTNAME", required),
      words("nickname", "ZNICKNAME"),
      words("organization", "ZORGANIZATION", required),
      whole("flags", "ZDISPLAYFLAGS"),
      whole("me_of", "ZCONTAINERWHERECONTACTISME"),
      whole("preferred", "ZPREFERREDFORLINKNAME"),
      moment("modified_ms", "ZMODIFICATIONDATE"),
    ],
  },
  {
    name: "card_phone",
    table: "ZABCDPHONENUMBER",
    columns: [
      whole("owner", "ZOWNER", required),
      words("value", "ZFULLNUMBER", required),
      whole("position", "ZORDERINGINDEX"),
      whole("key", "Z_PK"),
    ],
  },
  {
    name: "card_email",
    table: "ZABCDEMAILADDRESS",
    columns: [
      whole("owner", "ZOWNER", required),
      words("value", "ZADDRESS", required),
      whole("position", "ZORDERINGINDEX"),
      whole("key", "Z_PK"),
    ],
  },
];

/** Where the store is: a connection's own file, or one that is attached to it. */
type Schema = "main" | "source";

/** Makes the views; gives what the file lacks of the required tables and columns ("ZABCDRECORD.Z_ENT"). */
export function createStoreViews(db: Connection, schema: Schema = "main"): readonly string[] {
  const shapes = VIEWS.map((view) => ({ view, present: columnsOf(db, schema, view.table) }));
  const lacking = shapes.flatMap(({ view, present }) =>
    present.size === 0
      ? [view.table]
      : view.columns.filter((column) => column.required && !present.has(column.from))
        .map((column) => `${view.table}.${column.from}`)
  );
  if (lacking.length > 0) return lacking;
  for (const { view, present } of shapes) {
    db.exec(`DROP VIEW IF EXISTS temp.${view.name}`);
    db.exec(viewSql(view, schema, present));
  }
  return [];
}

function columnsOf(db: Connection, schema: Schema, table: string): ReadonlySet<string> {
  const rows = db.prepare("SELECT name FROM pragma_table_info(:table, :schema)").all({ table, schema });
  return new Set(rows.map((row) => text(row, "name")));
}

function viewSql(view: View, schema: Schema, present: ReadonlySet<string>): string {
  const there = view.columns.filter((column) => present.has(column.from));
  const columns = view.columns.map((column) =>
    `${present.has(column.from) ? column.value(`t.${column.from}`) : "NULL"} AS ${column.name}`
  );
  const odd = there.map((column) => `(${column.odd(`t.${column.from}`)})`).join(" + ");
  return `CREATE TEMP VIEW ${view.name} AS
          SELECT ${columns.join(", ")}, ${odd} AS odd FROM ${schema}.${view.table} t`;
}
