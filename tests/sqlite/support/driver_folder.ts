/** A database of ours, and two beside it that could be attached. */
import { type Connection, openDatabase } from "../../../src/sqlite/sqlite.ts";

export class Folder implements Disposable {
  readonly path = Deno.makeTempDirSync();
  readonly db: Connection = openDatabase(`${this.path}/ours.db`);
  readonly source = `${this.path}/it's a source?.db`;
  constructor() {
    this.db.exec("CREATE TABLE a (x)");
    for (const path of [this.source, `${this.path}/other.db`]) {
      using other = openDatabase(path);
      other.exec("CREATE TABLE t (x); INSERT INTO t VALUES (7)");
    }
  }
  names(): string[] {
    return [...Deno.readDirSync(this.path)].map(({ name }) => name).toSorted();
  }
  [Symbol.dispose](): void {
    this.db.close();
    Deno.removeSync(this.path, { recursive: true });
  }
}

/** The same with ATTACH restricted to the source. */
export class Fenced extends Folder {
  constructor() {
    super();
    this.db.restrictAttach((path) => path === this.source);
  }
}
