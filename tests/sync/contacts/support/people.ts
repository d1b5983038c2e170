/** Our own database with a few contacts, chats and messages in it, and what writes contacts: no source, no sync. */
import type { PlannedMerge } from "../../../../src/model/contact.ts";
import type { WireEvent } from "../../../../src/model/feed.ts";
import type { Connection, Row } from "../../../../src/sqlite/sqlite.ts";
import { openChatStatsDatabase } from "../../../../src/store/database.ts";
import { Outbox } from "../../../../src/store/outbox.ts";
import { ContactsWriter } from "../../../../src/sync/contacts/contacts_writer.ts";
import contactTables from "../../../../src/sync/contacts/sql/temp_tables.sql" with { type: "text" };
import { ChangeLog } from "../../../../src/sync/pass/change_log.ts";
import passTables from "../../../../src/sync/pass/sql/temp_tables.sql" with { type: "text" };

export class People implements Disposable {
  readonly folder = Deno.makeTempDirSync({ prefix: "chatstats-test-" });
  readonly db: Connection;
  readonly writer: ContactsWriter;
  #nowMs = 1_000;
  #rowid = 0;

  constructor() {
    this.db = openChatStatsDatabase(`${this.folder}/chatstats.db`, {
      randomUuid: () => crypto.randomUUID(),
    });
    this.db.exec(passTables);
    this.db.exec(contactTables);
    this.writer = new ContactsWriter({
      db: this.db,
      outbox: new Outbox(this.db),
      changeLog: new ChangeLog(this.db),
      now: () => this.#nowMs++,
      probe: () => {},
    });
  }

  /** A contact with one identifier, as a handle makes it; gives the contact's id. */
  contact(
    identifier: string,
    name: string = identifier,
    source = name === identifier ? "identifier" : "addressbook",
  ): number {
    const { lastId } = this.db.prepare(
      "INSERT INTO contacts (name, name_source, data_source, last_updated) VALUES (:name, :source, 'messages', 0)",
    ).run({ name, source });
    this.db.prepare(
      `INSERT INTO contact_identifiers (contact_id, origin_contact_id, identifier, type, raw, is_primary)
       VALUES (:id, :id, :identifier, 'phone', :identifier, 1)`,
    ).run({ id: lastId, identifier });
    return lastId;
  }

  /** A chat with these members; of one member: the 1:1 chat with that contact. */
  chat(...members: readonly number[]): number {
    const [only] = members;
    const single = members.length === 1 && only !== undefined;
    const { lastId } = this.db.prepare(
      `INSERT INTO chats (chat_identifier, chat_name, is_group, peer_identifier_id)
       VALUES (hex(randomblob(8)), :name, :group, :peer)`,
    ).run({
      name: single ? this.name(only) : "A group",
      group: single ? 0 : 1,
      peer: single ? this.identifier(only) : null,
    });
    for (const member of members) this.join(lastId, member);
    return lastId;
  }

  join(chat: number, contact: number): void {
    this.db.prepare("INSERT INTO chat_members VALUES (:chat, :identifier)").run({
      chat,
      identifier: this.identifier(contact),
    });
    this.db.prepare("INSERT OR IGNORE INTO chat_participants VALUES (:chat, :contact)").run({
      chat,
      contact: this.root(contact),
    });
  }

  /** A message from the contact's own identifier; gives its GUID. */
  message(chat: number, contact: number): string {
    const rowid = ++this.#rowid;
    const guid = `M-${rowid}`;
    this.db.prepare(
      `INSERT INTO messages (guid, source_rowid, chat_id, sender_id, sender_identifier_id, content, timestamp, is_from_me, message_type)
       VALUES (:guid, :rowid, :chat, :sender, :identifier, 'words', :rowid, 0, 'text')`,
    ).run({ guid, rowid, chat, sender: this.root(contact), identifier: this.identifier(contact) });
    return guid;
  }

  tapback(chat: number, contact: number, target: string, type = "like"): string {
    const rowid = ++this.#rowid;
    const guid = `R-${rowid}`;
    this.db.prepare(
      `INSERT INTO reactions (guid, source_rowid, original_message_guid, original_part, chat_id, sender_id, sender_identifier_id, reaction_type, timestamp)
       VALUES (:guid, :rowid, :target, 0, :chat, :sender, :identifier, :type, :rowid)`,
    ).run({
      guid,
      rowid,
      target,
      chat,
      sender: this.root(contact),
      identifier: this.identifier(contact),
      type,
    });
    return guid;
  }

  merge(fromId: number, intoId: number): readonly WireEvent[] {
    const plan: PlannedMerge = {
      fromId,
      intoId,
      reason: "one_card",
      evidence: { cards: ["A:ABPerson"], identifiers: [] },
    };
    return this.writer.merge(plan, true);
  }

  /** Id of the newest merge. */
  get lastMerge(): number {
    return Number(this.rows("SELECT max(id) AS id FROM contact_merges")[0]?.["id"]);
  }

  /** The contact's own identifier. */
  identifier(contact: number): number {
    return Number(
      this.one("SELECT id FROM contact_identifiers WHERE origin_contact_id = :contact", contact)["id"],
    );
  }

  root(contact: number): number {
    return Number(
      this.one("SELECT coalesce(merged_into, id) AS id FROM contacts WHERE id = :contact", contact)["id"],
    );
  }

  name(contact: number): string {
    return String(this.one("SELECT name FROM contacts WHERE id = :contact", contact)["name"]);
  }

  one(sql: string, contact: number): Row {
    return this.db.prepare(sql).get({ contact }) ?? {};
  }

  rows(sql: string): Row[] {
    return this.db.prepare(sql).all().map((row) => ({ ...row }));
  }

  /** Everything that a merge may touch, but for audit rows, numbers of events and times of our own. */
  content(): Record<string, Row[]> {
    const tables = this.rows(
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*'
          AND name NOT IN ('contact_merges', 'sync_events', 'live_sync_state')`,
    );
    return Object.fromEntries(tables.map(({ name }) => {
      const rows = this.rows(`SELECT * FROM "${String(name).replaceAll('"', '""')}"`).map((
        { last_updated: _, ...row },
      ) => JSON.stringify(row)).sort();
      return [String(name), rows.map((row): Row => JSON.parse(row))];
    }));
  }

  [Symbol.dispose](): void {
    this.db.close();
    Deno.removeSync(this.folder, { recursive: true });
  }
}
