/** What can be wrong with Messages' database, put in place in a {@link Scene} and taken away again. */
import { createChatDatabase } from "../../../src/simulator/chat_database.ts";
import { MessagesApp } from "../../../src/simulator/messages_app.ts";
import { SeededRandom } from "../../../src/simulator/random.ts";
import { type Connection, openDatabase } from "../../../src/sqlite/sqlite.ts";
import type { Scene } from "./scene.ts";

export interface Fault {
  readonly name: string;
  readonly state: "source_missing" | "needs_permission" | "failed";
  readonly reason: RegExp;
  readonly hint: RegExp;
  /** The path has nothing at it; gives what mends the fault, where taking it away is not enough. */
  /** It must last before it is told. */
  readonly lasting?: true;
  readonly put: (scene: Scene) => (() => void) | void;
}

const OPEN_MESSAGES = /^Open Messages once, or name its chat\.db with --messages-db\./;
const REOPEN =
  /Quit and reopen Messages; if it stays so, restore the file from a backup\. Syncing resumes automatically\.$/;
const LOCK = /lock on it$/;
const UNLOCK = /^Close whatever else has it open; .*Syncing resumes automatically\.$/;

export const FAULTS: readonly Fault[] = [
  {
    name: "no file",
    state: "source_missing",
    reason: /^Messages' database not found at .*: the file does not exist$/,
    hint: OPEN_MESSAGES,
    put: () => {},
  },
  {
    name: "no folder",
    state: "source_missing",
    reason: /: the folder does not exist$/,
    hint: OPEN_MESSAGES,
    put: ({ messagesFolder }) => {
      Deno.renameSync(messagesFolder, `${messagesFolder} away`);
      return () => Deno.renameSync(`${messagesFolder} away`, messagesFolder);
    },
  },
  {
    name: "a link that leads nowhere",
    state: "source_missing",
    reason: /: the link leads nowhere$/,
    hint: OPEN_MESSAGES,
    put: ({ chatDb, folder }) => Deno.symlinkSync(`${folder}/nothing`, chatDb),
  },
  {
    name: "a WAL whose database is gone",
    state: "source_missing",
    reason: /: the file does not exist$/,
    hint: OPEN_MESSAGES,
    put: ({ chatDb }) => {
      Deno.writeFileSync(`${chatDb}-wal`, new Uint8Array(4_096));
      return () => Deno.removeSync(`${chatDb}-wal`);
    },
  },
  {
    name: "a folder in its place",
    state: "failed",
    reason: /^Cannot read .*: it is a folder$/,
    hint: /--messages-db/,
    put: ({ chatDb }) => Deno.mkdirSync(chatDb),
  },
  {
    name: "a pipe in its place",
    state: "failed",
    reason: /: it is a pipe or a device, not a file$/,
    hint: /--messages-db/,
    put: ({ chatDb }) => void new Deno.Command("mkfifo", { args: [chatDb] }).outputSync(),
  },
  {
    name: "a loop of links",
    state: "failed",
    reason: /: the system says: /,
    hint: /--messages-db/,
    put: ({ chatDb }) => Deno.symlinkSync(chatDb, chatDb),
  },
  {
    name: "an empty file",
    state: "failed",
    reason: /: it is empty; Messages has not written to it yet$/,
    hint: OPEN_MESSAGES,
    put: ({ chatDb }) => Deno.writeTextFileSync(chatDb, ""),
  },
  {
    name: "text",
    state: "failed",
    reason: /: it is no SQLite database$/,
    hint: REOPEN,
    put: ({ chatDb }) => Deno.writeTextFileSync(chatDb, "Dear Jane, ".repeat(500)),
  },
  {
    name: "another program's database",
    state: "failed",
    reason: /is not a Messages database this program can read: it has no table message, chat, /,
    hint: /^Name Messages' chat\.db with --messages-db\./,
    put: ({ chatDb }) => {
      using db = openDatabase(chatDb);
      db.exec("CREATE TABLE songs (title)");
    },
  },
  {
    name: "half of it",
    state: "failed",
    reason: /: it is damaged$/,
    hint: REOPEN,
    put: (scene) => {
      putMessages(scene, 300);
      Deno.truncateSync(scene.chatDb, 40 * 4_096);
    },
  },
  {
    lasting: true,
    name: "locked, in rollback-journal mode",
    state: "failed",
    reason: LOCK,
    hint: UNLOCK,
    put: (scene) => {
      const lock = putLocked(scene, "PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE");
      return () => lock.close();
    },
  },
  {
    lasting: true,
    name: "locked, in WAL mode",
    state: "failed",
    reason: LOCK,
    hint: UNLOCK,
    put: (scene) => {
      const lock = putLocked(scene, "PRAGMA locking_mode = EXCLUSIVE; UPDATE chat SET guid = guid");
      return () => lock.close();
    },
  },
];

/** Locked before it is at its place: nobody else has it open yet. */
function putLocked(scene: Scene, sql: string): Connection {
  const made = `${scene.folder}/locked.db`;
  makeMessages(made, 1, 1);
  const lock = openDatabase(made);
  lock.exec(sql);
  Deno.renameSync(made, scene.chatDb);
  return lock;
}

/** A good chat.db with so many messages, made elsewhere and moved to its place; gives the GUID of the last, which `seed` makes. */
export function putMessages(scene: Scene, count: number, seed = 1): string {
  const made = `${scene.folder}/made.db`;
  const guid = makeMessages(made, count, seed);
  Deno.renameSync(made, scene.chatDb);
  return guid;
}

function makeMessages(path: string, count: number, seed: number): string {
  using db = createChatDatabase(path, { release: "macos15" });
  const app = new MessagesApp(db, { random: new SeededRandom(seed) });
  const chat = app.createChat({ address: "+15550100001" }).guid;
  let guid = "";
  for (let i = 0; i < count; i++) {
    guid = app.message({ chat, from: "+15550100001", text: `${i} ${"x".repeat(1_000)}` }).guid;
  }
  return guid;
}

/** Nothing is at the path afterwards. */
export function clear({ chatDb }: Scene): void {
  for (const side of ["", "-wal", "-shm", "-journal"]) {
    try {
      Deno.removeSync(chatDb + side, { recursive: true });
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}
