/** What `doctor` looks at, all of it well: a test breaks one thing. */
import type { Config } from "../../../src/config.ts";
import {
  type Check,
  type CheckId,
  diagnose,
  type Diagnosis,
  type DoctorPorts,
} from "../../../src/doctor/diagnosis.ts";
import { createChatDatabase } from "../../../src/simulator/chat_database.ts";
import { ContactsApp } from "../../../src/simulator/contacts_app.ts";
import { MessagesApp } from "../../../src/simulator/messages_app.ts";
import { runCommand } from "../../../src/platform/run_command.ts";
import type { Connection } from "../../../src/sqlite/sqlite.ts";
import { openChatStatsDatabase } from "../../../src/store/database.ts";
import { configFixture } from "../../support/config.ts";

export const GRANT = "Grant it.";

const line = (words: string) => `THE-PROGRAM ${words}`;

export class Patient implements Disposable {
  readonly folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "chatstats-doctor-" }));
  readonly messagesDb = `${this.folder}/Messages/chat.db`;
  readonly addressBook = `${this.folder}/AddressBook`;
  readonly database = `${this.folder}/ours/chatstats.db`;
  /** As Messages and Contacts that run. */
  readonly messages: Connection;
  readonly contacts: ContactsApp;

  constructor() {
    Deno.mkdirSync(`${this.folder}/Messages`);
    this.messages = createChatDatabase(this.messagesDb, { release: "macos15" });
    const app = new MessagesApp(this.messages);
    const from = "+12125550142";
    app.message({ chat: app.createChat({ address: from }).guid, from, text: "one" });
    this.contacts = new ContactsApp(this.addressBook);
    this.contacts.addCard({ store: "root", firstName: "Nora", phones: [from] });
  }

  get flags(): string[] {
    return [
      ...["--messages-db", this.messagesDb, "--addressbook-dir", this.addressBook],
      ...["--database", this.database],
    ];
  }

  config(changes: Partial<Config> = {}): Config {
    const { folder, messagesDb, addressBook, database } = this;
    const flags = { messagesDb, addressbookDir: addressBook, database };
    return {
      ...configFixture({ flags, home: folder, os: "linux", cwd: "/", randomToken: () => "T" }),
      ...changes,
    };
  }

  /** Our database, as a run that ended leaves it. */
  makeOurs(change: (db: Connection) => void = () => {}): void {
    Deno.mkdirSync(`${this.folder}/ours`);
    using db = openChatStatsDatabase(this.database, { randomUuid: () => "F" });
    change(db);
  }

  diagnose(ports: Partial<DoctorPorts> = {}, changes: Partial<Config> = {}): Promise<Diagnosis> {
    const agentState = () => Promise.resolve(null);
    return diagnose(this.config(changes), {
      permissionHint: GRANT,
      line,
      agentState,
      run: runCommand,
      ...ports,
    });
  }

  /** Every file below the folder, with its size and time of writing; a reader's locks may date a -shm anew. */
  files(): string[] {
    const below = (folder: string): string[] =>
      [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
        const path = `${folder}/${name}`;
        const { size, mtime } = Deno.statSync(path);
        return isDirectory
          ? below(path)
          : [`${path} ${size} ${name.endsWith("-shm") ? "" : mtime?.getTime()}`];
      });
    return below(this.folder).sort();
  }

  /** Messages and Contacts are quit. */
  quitApps(): void {
    this.messages.close();
    this.contacts[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    try {
      this.quitApps();
    } catch {
      // They were quit before.
    }
    Deno.removeSync(this.folder, { recursive: true });
  }
}

/** The checks that failed. */
export function red({ checks }: Diagnosis): CheckId[] {
  return checks.filter(({ ok }) => !ok).map(({ id }) => id);
}

export function check({ checks }: Diagnosis, id: CheckId): Check {
  const found = checks.find((each) => each.id === id);
  if (found === undefined) throw new Error(`there is no check ${id}`);
  return found;
}
