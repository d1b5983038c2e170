/** The statements of a .sql file, which stands by subject with a `-- name: xyz` before each. */
import { LiveSyncError } from "../model/errors.ts";

/**
 * `script`'s statements by name; what stands before the first name is a comment on the file. Throws LiveSyncError
 * `sql_names` where a name is missing, stands twice, or is not among `names`: nothing in a file may be forgotten.
 */
export function statementsOf<Name extends string>(
  script: string,
  names: readonly Name[],
): Readonly<Record<Name, string>> {
  const found: Record<string, string> = {};
  for (const section of script.split(/^-- name: /m).slice(1)) {
    const end = section.indexOf("\n");
    const name = section.slice(0, end).trim();
    if (Object.hasOwn(found, name)) throw wrong(name, "it stands twice");
    found[name] = section.slice(end + 1).trimEnd();
  }
  const wanted = new Set<string>(names);
  const unused = Object.keys(found).find((name) => !wanted.has(name));
  if (unused !== undefined) throw wrong(unused, "nobody asks for it");
  const isMissing = (name: Name) => !Object.hasOwn(found, name);
  if (!hasAll(found, names)) throw wrong(names.find(isMissing) ?? "", "it is not in the file");
  return Object.freeze(found);
}

function hasAll<Name extends string>(
  found: Record<string, string>,
  names: readonly Name[],
): found is Record<Name, string> {
  return names.every((name) => Object.hasOwn(found, name));
}

function wrong(name: string, why: string): LiveSyncError {
  return new LiveSyncError("sql_names", `Cannot use the statement ${name}: ${why}`);
}
