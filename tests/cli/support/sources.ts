/** A throw-away Messages database, and the flags that make the program read it. */
import { createChatDatabase } from "../../../src/simulator/chat_database.ts";
import { MessagesApp } from "../../../src/simulator/messages_app.ts";

export interface Sources extends Disposable {
  readonly folder: string;
  readonly messagesDb: string;
  readonly database: string;
  readonly flags: readonly string[];
  /** Writes one more message, as Messages would. */
  receive(text: string): void;
}

/** With three messages in one chat. */
export function makeSources(): Sources {
  const folder = Deno.realPathSync(Deno.makeTempDirSync());
  const messagesDb = `${folder}/chat.db`;
  const database = `${folder}/ours/chatstats.db`;
  const connection = createChatDatabase(messagesDb, { release: "macos15" });
  // A folder that is named must be there.
  Deno.mkdirSync(`${folder}/none`);
  const app = new MessagesApp(connection);
  const from = "+12125550142";
  const chat = app.createChat({ address: from }).guid;
  const receive = (text: string) => void app.message({ chat, from, text });
  ["one", "two", "three"].forEach(receive);
  return {
    folder,
    messagesDb,
    database,
    flags: ["--messages-db", messagesDb, "--database", database, "--addressbook-dir", `${folder}/none`],
    receive,
    [Symbol.dispose]() {
      connection.close();
      Deno.removeSync(folder, { recursive: true });
    },
  };
}
