/**
 * SQLite 3.54 drops the JSON subtype of what a scalar subquery gives: a list nested in `json_object` then comes out as a
 * text in quotes. The SQLite in today's Deno (3.53) keeps it, so that no other test would notice.
 */
import { deepEqual, equal } from "node:assert/strict";

const ROOT = new URL("../../src/", import.meta.url);

function sqlFiles(folder: URL): URL[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    if (isDirectory) return sqlFiles(new URL(`${name}/`, folder));
    return name.endsWith(".sql") ? [new URL(name, folder)] : [];
  });
}

/** Subqueries that make JSON for an argument of `json_object` or `json_array` and are not within `json(…)`. */
function bareSubqueries(sql: string): string[] {
  const code = sql.replace(/--[^\n]*/g, "");
  return [...code.matchAll(/'(\w+)',\s*\(\s*SELECT\s+json_(?:group_)?(?:array|object)\b/g)].map((
    [, key = ""],
  ) => key);
}

Deno.test("bareSubqueries() finds a subquery when json() is not around it", () => {
  deepEqual(bareSubqueries("json_object('a', (\n SELECT json_group_array(x) FROM t))"), ["a"]);
  deepEqual(bareSubqueries("json_object('a', json((\n SELECT json_group_array(x) FROM t)))"), []);
  deepEqual(bareSubqueries("json_object('a', (SELECT count(*) FROM t))"), []);
});

Deno.test("every list within an item of the API is JSON also where a subquery gives a text", () => {
  const files = sqlFiles(ROOT);
  equal(files.length > 30, true);
  const bare = files.flatMap((file) =>
    bareSubqueries(Deno.readTextFileSync(file)).map((key) => `${file.pathname}: ${key}`)
  );
  deepEqual(bare, []);
});
