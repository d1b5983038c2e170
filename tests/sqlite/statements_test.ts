import { equal, throws } from "node:assert/strict";
import { LiveSyncError } from "../../src/model/errors.ts";
import { statementsOf } from "../../src/sqlite/statements.ts";

const SCRIPT = `-- About people.

-- name: one
-- Why.
SELECT 1

-- name: two
SELECT '-- name: three';
SELECT 2
`;

function refusal(script: string, names: readonly string[]): string {
  try {
    statementsOf(script, names);
  } catch (error) {
    if (error instanceof LiveSyncError && error.code === "sql_names") return error.message;
    throw error;
  }
  return "nothing was refused";
}

Deno.test("statementsOf() gives each statement by name, with its own comments", () => {
  const sql = statementsOf(SCRIPT, ["two", "one"]);
  equal(sql.one, "-- Why.\nSELECT 1");
  equal(sql.two, "SELECT '-- name: three';\nSELECT 2");
});

Deno.test("statementsOf() refuses a name that is missing, stands twice or that nobody asks for", () => {
  equal(refusal(SCRIPT, ["one", "two", "three"]), "Cannot use the statement three: it is not in the file");
  equal(refusal(SCRIPT, ["one"]), "Cannot use the statement two: nobody asks for it");
  equal(
    refusal(`${SCRIPT}\n-- name: one\nSELECT 3\n`, ["one", "two"]),
    "Cannot use the statement one: it stands twice",
  );
  throws(() => statementsOf("SELECT 1", ["one"]), LiveSyncError);
});
