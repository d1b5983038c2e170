/** A folder with a database of ours in it, gone at the end of the block. */
import type { Connection, Row, SqlParams } from "../../../src/sqlite/sqlite.ts";
import { openChatStatsDatabase } from "../../../src/store/database.ts";

export const FEED = "5f0c1f0e-0000-4000-8000-000000000001";

export class Store implements Disposable {
  readonly folder = Deno.makeTempDirSync({ prefix: "chatstats-store-" });
  readonly path = `${this.folder}/chatstats.db`;
  readonly db: Connection;

  constructor() {
    this.db = openChatStatsDatabase(this.path, { randomUuid: () => FEED });
  }

  rows(sql: string, params: SqlParams = {}): Row[] {
    return this.db.prepare(sql).all(params).map((row) => ({ ...row }));
  }

  [Symbol.dispose](): void {
    this.db.close();
    Deno.removeSync(this.folder, { recursive: true });
  }
}

/** Names in the folder with their bytes, to see that nothing was touched. Only where no connection is open. */
export function folderContent(folder: string): Record<string, string> {
  return Object.fromEntries(
    [...Deno.readDirSync(folder)].map(({ name }): [string, string] => [
      name,
      Deno.readFileSync(`${folder}/${name}`).toHex(),
    ]).toSorted(),
  );
}
