/** A connection of ours with a source beside it, in one folder. */
import { ownExecutable, startMessagesProcess } from "../../../src/simulator/messages_process.ts";
import { type Connection, openDatabase, type Row } from "../../../src/sqlite/sqlite.ts";
import { MessagesDb } from "../../../src/source/messages_db.ts";
import { inspectSource } from "../../../src/source/source_files.ts";

/** The simulated Messages app as another process. */
export function messagesProcess(db: string) {
  return startMessagesProcess({
    command: ownExecutable(import.meta.resolve("../../live/support/messages_app_main.ts")),
    db,
  });
}

export class Fixture implements Disposable {
  readonly #top = Deno.makeTempDirSync({ prefix: "chatstats-source-" });
  /** Its name holds what a URI must escape. */
  readonly folder = `${this.#top}/source %41?#`;
  readonly path = `${this.folder}/chat.db`;
  readonly db: Connection;
  readonly source: MessagesDb;

  constructor() {
    Deno.mkdirSync(this.folder);
    this.db = openDatabase(`${this.folder}/ours.db`);
    this.db.exec("PRAGMA journal_mode = WAL; CREATE TABLE main.kept (a, b)");
    this.source = new MessagesDb(this.db, this.path);
  }

  /** Attaches whatever is at the path, also where there is nothing. */
  attach(): void {
    const seen = inspectSource(this.path);
    this.source.attach(
      seen.kind === "present" ? seen.file.identity : { device: 0, inode: 0, birthMs: null },
    );
  }

  /** Makes the source of these statements, in a journal mode without side files. */
  make(sql: string): void {
    using db = openDatabase(this.path);
    db.exec(sql);
  }

  rows(sql: string): Row[] {
    return this.db.prepare(sql).all().map((row) => ({ ...row }));
  }

  [Symbol.dispose](): void {
    this.source.detach();
    this.db.close();
    Deno.removeSync(this.#top, { recursive: true });
  }
}
