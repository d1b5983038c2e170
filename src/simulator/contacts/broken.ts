import type { BreakInput } from "./inputs.ts";
import { openDatabase } from "../../sqlite/sqlite.ts";

const PAGE = 4096;

/** Puts a file in the place of the store at `path` that can't be read as one; nobody in this process may have it open. */
export function breakStoreFile(path: string, how: BreakInput["how"]): void {
  for (const side of ["-wal", "-shm"]) removeIfThere(path + side);
  switch (how) {
    case "not_a_database":
      Deno.writeTextFileSync(path, "This is no database. ".repeat(1_000));
      return;
    case "damaged": {
      const bytes = Deno.readFileSync(path);
      Deno.writeFileSync(path, bytes.fill(0xa5, PAGE));
      return;
    }
    case "other_shape": {
      Deno.removeSync(path);
      using db = openDatabase(path);
      db.exec("CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT)");
    }
  }
}

/** A reader that has the store open keeps its WAL alive, and SQLite would read the old pages from there. */
function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
