import { type ChatDatabaseOptions, createChatDatabase } from "../../../src/simulator/chat_database.ts";
import type { Connection } from "../../../src/sqlite/sqlite.ts";

/** A folder that is removed at the end of the block. */
export function temporaryFolder(): { readonly path: string } & Disposable {
  const path = Deno.makeTempDirSync({ prefix: "demo-test-" });
  return { path, [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }) };
}

/** A new chat.db in a folder of its own; both are gone at the end of the block. */
export function temporaryChatDatabase(
  options: ChatDatabaseOptions = { release: "macos15", synchronous: "normal" },
): { readonly db: Connection } & Disposable {
  const folder = temporaryFolder();
  const db = createChatDatabase(`${folder.path}/chat.db`, options);
  return {
    db,
    [Symbol.dispose]: () => {
      db.close();
      folder[Symbol.dispose]();
    },
  };
}
