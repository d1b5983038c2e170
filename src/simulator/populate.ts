/** Bulk history for tests and measurements: many rows, quickly, the same for the same seed. */
import { LiveSyncError } from "../model/errors.ts";
import { integer } from "../sqlite/row.ts";
import type { Connection } from "../sqlite/sqlite.ts";
import { withoutIndexesAndTriggers } from "./populate/bulk_load.ts";
import { type Crowd, inventCrowd } from "./populate/crowd.ts";
import { type HistoryChat, type HistoryOptions, type HistoryRow, inventHistory } from "./populate/history.ts";
import { SeededRandom } from "./random.ts";
import { TableWriter } from "./table_writer.ts";
import { statementsOf } from "../sqlite/statements.ts";
import populateSql from "./populate/populate.sql" with { type: "text" };

const SQL = statementsOf(populateSql, [
  "attachment",
  "message",
  "messageBeforeMacos13",
]);

/** All may be left out; the shares are explained in `populate/history.ts`. */
export interface PopulateOptions extends Partial<HistoryOptions> {
  /** Default 200. */
  readonly chats?: number;
  /** Default 1. */
  readonly seed?: number;
}

/** How many rows there are now of each kind; `messages` counts all rows of `message`. */
export interface Populated {
  readonly messages: number;
  readonly chats: number;
  readonly handles: number;
  readonly tapbacks: number;
  readonly removedTapbacks: number;
  readonly happenings: number;
  readonly attachments: number;
  readonly unjoined: number;
}

const DEFAULTS: HistoryOptions = {
  messages: 300_000,
  attributedBodyShare: 0.8,
  tapbackShare: 0.1,
  removedTapbackShare: 0.1,
  attachmentShare: 0.05,
  replyShare: 0.06,
  happeningShare: 0.01,
  fromMeShare: 0.45,
  secondsShare: 0.03,
  unjoinedShare: 0.002,
  counted: "rows",
  backfillShare: 0.01,
  startMs: Date.UTC(2015, 8, 1),
  endMs: Date.UTC(2025, 8, 1),
};

/** Rows in one transaction: large, as each one rewrites the pages that it touches in the random order of GUIDs. */
const SLICE = 100_000;
/** Rows between two steps: some 100 ms. */
const STEP = 5_000;

/** Fills a fresh chat.db. It is checkpointed and has all its indexes and triggers again when this returns. Exported for its test. */
export function populate(db: Connection, options: PopulateOptions = {}): Populated {
  const steps = populateInSteps(db, options);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** {@link populate} for who has other things to do meanwhile: gives how much of `messages` is written, now and then. */
export function* populateInSteps(
  db: Connection,
  options: PopulateOptions = {},
): Generator<number, Populated> {
  if (db.prepare("SELECT 1 FROM message LIMIT 1").get()) {
    throw new LiveSyncError("not_empty", `Cannot populate a chat.db: it has messages: ${db.path}`);
  }
  const { chats = 200, seed = 1, ...given } = options;
  const random = new SeededRandom(seed);
  const crowd = inventCrowd(random, chats);
  const counts = yield* withoutIndexesAndTriggers(db, () => {
    const rows = inventHistory(random, insertCrowd(db, crowd, random), 1, { ...DEFAULTS, ...given });
    return writeRows(db, rows, given.counted ?? DEFAULTS.counted);
  });
  return {
    messages: counts.message + counts.tapback + counts.removal + counts.happening,
    chats: crowd.chats.length,
    handles: crowd.handles.length,
    tapbacks: counts.tapback,
    removedTapbacks: counts.removal,
    happenings: counts.happening,
    attachments: counts.attachment,
    unjoined: counts.unjoined,
  };
}

type Counts = Record<HistoryRow["kind"] | "attachment" | "unjoined", number>;

function* writeRows(
  db: Connection,
  rows: Iterable<HistoryRow>,
  counted: HistoryOptions["counted"],
): Generator<number, Counts> {
  const counts: Counts = { message: 0, tapback: 0, removal: 0, happening: 0, attachment: 0, unjoined: 0 };
  const writer = new HistoryWriter(db);
  let written = 0;
  db.exec("BEGIN");
  try {
    for (const row of rows) {
      writer.write(row);
      counts[row.kind]++;
      if (row.attachment) counts.attachment++;
      if (row.chat === undefined) counts.unjoined++;
      written++;
      if (written % SLICE === 0) db.exec("COMMIT; BEGIN");
      if (written % STEP === 0) yield counted === "rows" ? written : counts.message;
    }
  } finally {
    // Also where nobody goes on: the file is thrown away, and the connection has to be free to be closed.
    if (db.inTransaction) db.exec("COMMIT");
  }
  return counts;
}

function insertCrowd(db: Connection, crowd: Crowd, random: SeededRandom): HistoryChat[] {
  const tables = new TableWriter(db);
  return db.transaction(() => {
    const handles = crowd.handles.map(({ address, service }) =>
      tables.insert("handle", { id: address, service, country: "us", uncanonicalized_id: address })
    );
    return crowd.chats.map((chat) => {
      const rowid = tables.insert("chat", {
        guid: chat.guid,
        style: chat.roomName === null ? 45 : 43,
        state: 3,
        chat_identifier: chat.identifier,
        service_name: chat.service,
        room_name: chat.roomName,
        display_name: chat.name,
        group_id: random.uuid(),
        account_login: "E:me@example.com",
      });
      const members = chat.members.flatMap((position) => handles[position] ?? []);
      for (const handle of members) tables.insert("chat_handle_join", { chat_id: rowid, handle_id: handle });
      return { rowid, service: chat.service, roomName: chat.roomName, members };
    });
  });
}

class HistoryWriter {
  readonly #tables: TableWriter;
  readonly #message;
  readonly #attachment;
  readonly #chatJoin;
  readonly #attachmentJoin;
  #nextAttachment: number;

  constructor(db: Connection) {
    this.#tables = new TableWriter(db);
    this.#message = db.prepare(
      this.#tables.has("message", "date_edited") ? SQL.message : SQL.messageBeforeMacos13,
    );
    this.#attachment = db.prepare(SQL.attachment);
    this.#chatJoin = db.prepare(
      "INSERT INTO chat_message_join (chat_id, message_id, message_date) VALUES (:chat, :rowid, :date)",
    );
    this.#attachmentJoin = db.prepare(
      "INSERT INTO message_attachment_join (message_id, attachment_id) VALUES (:message, :attachment)",
    );
    const row = db.prepare("SELECT coalesce(max(ROWID), 0) + 1 AS next FROM attachment").get();
    this.#nextAttachment = row ? integer(row, "next") : 1;
  }

  write({ message, rowid, date, chat, attachment, rare }: HistoryRow): void {
    this.#message.run(message);
    this.#tables.update("message", rowid, rare);
    if (chat !== undefined) this.#chatJoin.run({ chat, rowid, date });
    if (!attachment) return;
    const { guid, kind, bytes } = attachment;
    const id = this.#nextAttachment++;
    this.#attachment.run({
      rowid: id,
      guid,
      created: appleDateInSeconds(date),
      filename: `~/Library/Messages/Attachments/${guid.slice(0, 2).toLowerCase()}/${guid}/${kind.name}`,
      uti: kind.uti,
      mimeType: kind.mimeType,
      transferState: 5,
      isOutgoing: message["isFromMe"] ?? 0,
      name: kind.name,
      bytes,
    });
    this.#attachmentJoin.run({ message: rowid, attachment: id });
  }
}

function appleDateInSeconds(date: bigint): bigint {
  return date < 1_000_000_000_000n ? date : date / 1_000_000_000n;
}
