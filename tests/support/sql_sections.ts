/** The statements of one of the project's .sql files, by name; a file without names is one statement. */
export function sectionsOf(script: string): ReadonlyMap<string, string> {
  const [, ...sections] = script.split(/^-- name: /m);
  return new Map(sections.map((section) => {
    const end = section.indexOf("\n");
    return [section.slice(0, end).trim(), section.slice(end + 1).trimEnd()];
  }));
}

/** Throws where it is missing. */
export function sectionOf(script: string, name: string): string {
  const sql = sectionsOf(script).get(name);
  if (sql === undefined) throw new Error(`no statement ${name}`);
  return sql;
}
