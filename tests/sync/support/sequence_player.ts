/**
 * Plays steps: what the simulated Messages app does to its file, what happens to the file, and when we look. What there is
 * to choose from is read from the file each time, as it may be another one.
 */
import { LiveSyncError } from "../../../src/model/errors.ts";
import { isAtLeast, type Release, releaseOf, RELEASES } from "../../../src/demo/releases.ts";
import { CHECKPOINT_MODES, TAPBACK_KINDS } from "../../../src/demo/operations/inputs.ts";
import { text } from "../../../src/platform/row.ts";
import { NOON_MS, type Workbench } from "../../support/workbench.ts";
import { copyOver, copyTo, putInPlace, restoreInto } from "./file_swaps.ts";
import type { SequenceLooks } from "./sequence_looks.ts";
import type { Step } from "./sequence_steps.ts";

const PEOPLE = ["+15550100001", "+15550100002", "jane@example.com", "242733", "+447700900123"];
const SERVICES = ["iMessage", "SMS", "RCS", "rcs", "iMessageLite"];
const TEXTS = ["ok", "", "Zoë 👩‍👩‍👧 café", "a\0b", "x".repeat(300), "\uFFFC", " spaced ", "long ".repeat(3_000)];
const HOUR_MS = 3_600_000;

const CHATS = (style: number) => `SELECT guid FROM chat WHERE style = ${style} ORDER BY ROWID`;
const WORDS = "m.item_type = 0 AND m.associated_message_type = 0";
const IN_CHATS = "(SELECT count(*) FROM chat_message_join j WHERE j.message_id = m.ROWID)";
/** In exactly one chat: what Messages does to a message of several chats is not known. */
const MESSAGES = `SELECT m.guid FROM message m WHERE ${WORDS} AND ${IN_CHATS} = 1 ORDER BY m.ROWID`;
const TAPBACKS =
  `SELECT m.guid FROM message m WHERE m.associated_message_type BETWEEN 2000 AND 2005 AND ${IN_CHATS} = 1 ORDER BY m.ROWID`;
const DELETED =
  "SELECT m.guid FROM message m WHERE EXISTS (SELECT 1 FROM chat_recoverable_message_join r WHERE r.message_id = m.ROWID) ORDER BY m.ROWID";
const LATE = (recoverable: boolean) =>
  `SELECT m.guid FROM message m WHERE ${WORDS} AND ${IN_CHATS} = 0${
    recoverable
      ? " AND NOT EXISTS (SELECT 1 FROM chat_recoverable_message_join r WHERE r.message_id = m.ROWID)"
      : ""
  } ORDER BY m.ROWID`;
const PICTURES = "SELECT guid FROM attachment ORDER BY ROWID";
const LOOSE_PICTURES =
  "SELECT a.guid FROM attachment a WHERE a.ROWID NOT IN (SELECT attachment_id FROM message_attachment_join) ORDER BY a.ROWID";

export class SequencePlayer {
  readonly #bench: Workbench;
  readonly #looks: SequenceLooks;
  /** Copies of the file at earlier times. */
  readonly #snapshots: string[] = [];
  #dateMs = NOON_MS;
  #count = 0;

  constructor(bench: Workbench, looks: SequenceLooks) {
    this.#bench = bench;
    this.#looks = looks;
    bench.app.createChat({ address: PEOPLE[0] ?? "" });
  }

  /** Messages of long ago, in one commit. */
  fill(count: number): void {
    const { app } = this.#bench;
    const [chat] = this.#guids(CHATS(45));
    if (chat === undefined) return;
    app.inOneCommit(() => {
      for (let i = 0; i < count; i++) {
        const from = i % 3 === 0 ? {} : { from: PEOPLE[0] ?? "" };
        app.message({
          chat,
          ...from,
          text: `${i} `.repeat(20),
          dateMs: NOON_MS - (count - i) * 7 * 60_000 - 1,
        });
      }
    });
  }

  play(step: Step): void {
    this.#dateMs += 1 + step.c % 5_000 + (step.c % 7 === 0 ? 2 * HOUR_MS : 0);
    if (this.#goesOnWithMessages(step)) return;
    if (this.#changesMessages(step)) return;
    if (this.#isOfChats(step)) return;
    if (this.#isOfPictures(step)) return;
    this.#isOfTheFile(step);
  }

  get #release(): Release {
    return releaseOf(this.#bench.app.db);
  }
  #guids(sql: string): string[] {
    return this.#bench.app.db.prepare(sql).all().map((row) => text(row, "guid"));
  }
  #one(sql: string, at: number): string | undefined {
    const all = this.#guids(sql);
    return all[at % Math.max(1, all.length)];
  }
  #chat(at: number): string | undefined {
    return this.#one(`SELECT guid FROM chat ORDER BY ROWID`, at);
  }
  #late(): string {
    return LATE(isAtLeast(this.#release, "macos13"));
  }
  #hasRecentlyDeleted(): boolean {
    return isAtLeast(this.#release, "macos13");
  }

  /** New rows. */
  #goesOnWithMessages({ kind, a, b, c }: Step): boolean {
    const { app } = this.#bench;
    const dateMs = this.#dateMs;
    const sender = b % 3 === 0 ? {} : { from: pick(PEOPLE, b) };
    const chat = this.#chat(a);
    const message = this.#one(MESSAGES, a);
    switch (kind) {
      case "message": {
        if (chat === undefined) return true;
        const reply = message !== undefined && c % 4 === 0 ? { replyTo: message } : {};
        const service = a % 5 === 0 ? { service: pick(SERVICES, c) } : {};
        const storage = pick(["body", "text", "both"] as const, c);
        const at = c % 17 === 0
          ? dateMs + 720 * HOUR_MS
          : c % 11 === 0
          ? dateMs - (b % 30) * HOUR_MS
          : dateMs;
        app.message({ chat, ...sender, text: pick(TEXTS, c), storage, dateMs: at, ...reply, ...service });
        return true;
      }
      case "late":
        if (chat !== undefined) app.message({ chat, ...sender, text: "late", dateMs, joinLater: true });
        return true;
      case "join": {
        const guid = this.#one(this.#late(), b);
        if (guid !== undefined && chat !== undefined) app.join({ guid, chat });
        return true;
      }
      case "again":
        if (message !== undefined && chat !== undefined && !this.#isIn(message, chat)) {
          app.join({ guid: message, chat });
        }
        return true;
      case "tapback":
      case "untapback": {
        if (message === undefined) return true;
        const tapback = pick(TAPBACK_KINDS, b);
        const emoji = tapback === "emoji" ? { emoji: pick(["🎉", "🦦"], c) } : {};
        const target = { target: message, kind: tapback, ...sender, part: c % 2, dateMs, ...emoji };
        if (kind === "tapback") app.tapback(target);
        else app.removeTapback(target);
        return true;
      }
      default:
        return false;
    }
  }

  #isIn(message: string, chat: string): boolean {
    return this.#bench.app.db.prepare(
      `SELECT 1 FROM chat_message_join WHERE chat_id = (SELECT ROWID FROM chat WHERE guid = :chat)
          AND message_id = (SELECT ROWID FROM message WHERE guid = :message)`,
    ).get({ chat, message }) !== undefined;
  }

  /** Rows that are there, however old. */
  #changesMessages({ kind, a, b, c }: Step): boolean {
    const { app } = this.#bench;
    const dateMs = this.#dateMs;
    const guid = kind === "recover"
      ? this.#one(DELETED_OR_NONE(this.#hasRecentlyDeleted()), a)
      : this.#one(kind === "retapback" || (kind === "flip" && b % 4 === 0) ? TAPBACKS : MESSAGES, a);
    const change = (work: (guid: string) => unknown): true => {
      if (guid !== undefined) work(guid);
      return true;
    };
    switch (kind) {
      case "edit":
        return change((guid) =>
          this.#edited(() => app.edit({ guid, text: pick(["new", `edited ${c}`], b), dateMs }))
        );
      case "unsend":
        return change((guid) => this.#edited(() => app.unsend({ guid, dateMs })));
      case "unsendPart":
        return change((guid) =>
          this.#edited(() => app.unsend({ guid, part: c % 2, keepText: "kept", dateMs }))
        );
      case "read":
        return change((guid) => app.markRead({ guid, dateMs }));
      case "delivered":
        return change((guid) => app.markDelivered({ guid, dateMs }));
      case "failed":
        return change((guid) => app.change({ guid, columns: { error: c % 3 } }));
      case "flip":
        return change((guid) => app.change({ guid, columns: { is_from_me: c % 2 } }));
      case "lateText":
        return change((guid) => app.change({ guid, columns: { text: pick(TEXTS, c) } }));
      case "retapback":
        return change((guid) => app.change({ guid, columns: { associated_message_type: 2000 + c % 6 } }));
      case "delete":
        return change((guid) => this.#hasRecentlyDeleted() && app.delete({ guid, dateMs }));
      case "recover":
        return change((guid) => app.recover({ guid, dateMs }));
      case "forGood": {
        const any = this.#one("SELECT guid FROM message ORDER BY ROWID", a);
        if (any !== undefined) app.deleteForGood({ guid: any });
        return true;
      }
      default:
        return false;
    }
  }

  /** Not before macOS 13, and not a part that is not there. */
  #edited(work: () => void): void {
    if (!isAtLeast(this.#release, "macos13")) return;
    try {
      work();
    } catch (error) {
      if (!(error instanceof LiveSyncError) || error.code !== "no_such_part") throw error;
    }
  }

  #isOfChats({ kind, a, b, c }: Step): boolean {
    const { app } = this.#bench;
    const chat = this.#chat(a);
    const group = this.#one(CHATS(43), a);
    switch (kind) {
      case "chat": {
        const [service, address] = [pick(SERVICES, b), pick(PEOPLE, a)];
        const known = new Set(this.#guids("SELECT guid FROM chat"));
        if (!known.has(`${service};-;${address}`)) app.createChat({ address, service });
        return true;
      }
      case "group":
        app.createGroup({ members: PEOPLE.slice(a % 3), name: b % 2 === 0 ? "" : "Trip" });
        return true;
      case "renamed":
        if (chat !== undefined) {
          app.changeChat({ chat, name: pick(["", "One", "Two"], c), archived: b % 2 === 0 });
        }
        return true;
      case "members": {
        const member = [pick(PEOPLE, b)];
        if (group !== undefined) {
          app.changeMembers(c % 2 === 0 ? { chat: group, add: member } : { chat: group, remove: member });
        }
        return true;
      }
      case "handle":
        this.#renameHandle(a, c);
        return true;
      case "happening": {
        const happening = pick(
          ["renamed", "memberAdded", "memberRemoved", "left", "photoChanged", "photoRemoved"] as const,
          b,
        );
        const member = pick(PEOPLE, c);
        const said = happening === "renamed"
          ? { title: `Group ${c % 3}` }
          : happening === "left"
          ? { from: member }
          : { member };
        if (group !== undefined) {
          app.happening({ chat: group, kind: happening, ...said, dateMs: this.#dateMs });
        }
        return true;
      }
      case "chatGone": {
        // What Messages does with messages that wait for a chat, or lie in Recently Deleted, is not known.
        const unclear = this.#guids(this.#late()).length > 0 ||
          this.#guids(DELETED_OR_NONE(this.#hasRecentlyDeleted())).length > 0;
        if (chat !== undefined && !unclear) app.deleteChat({ chat });
        return true;
      }
      default:
        return false;
    }
  }

  #renameHandle(a: number, c: number): void {
    const { app } = this.#bench;
    const handles = app.db.prepare("SELECT id, service FROM handle ORDER BY ROWID").all();
    const handle = handles[a % Math.max(1, handles.length)];
    if (handle === undefined) return;
    const service = text(handle, "service");
    const newAddress = c % 4 === 0 ? pick(PEOPLE, c) : `+155501009${10 + c % 90}`;
    const taken = handles.some((other) =>
      text(other, "id") === newAddress && text(other, "service") === service
    );
    if (!taken) app.changeHandle({ address: text(handle, "id"), service, newAddress });
  }

  #isOfPictures({ kind, a, b, c }: Step): boolean {
    const { app } = this.#bench;
    switch (kind) {
      case "picture": {
        const chat = this.#chat(a);
        if (chat === undefined) return true;
        const sender = b % 3 === 0 ? {} : { from: pick(PEOPLE, b) };
        const picture = { name: "cat.heic", guid: `PICTURE-${this.#count++}`, joinLater: c % 2 === 0 };
        const words = c % 3 === 0 ? { text: "look" } : {};
        app.message({ chat, ...sender, ...words, dateMs: this.#dateMs, attachments: [picture] });
        return true;
      }
      case "pictureJoin":
        // By hand: what the app remembers of it does not outlive the file.
        app.db.prepare(
          `INSERT OR IGNORE INTO message_attachment_join (message_id, attachment_id)
           SELECT m.ROWID, a.ROWID FROM attachment a JOIN message m ON m.guid = :message WHERE a.guid = :guid`,
        ).run({ guid: this.#one(LOOSE_PICTURES, a) ?? "", message: this.#one(MESSAGES, b) ?? "" });
        return true;
      case "pictureFill": {
        const guid = this.#one(PICTURES, a);
        const transferState = pick([0, 3, 5, 6], b);
        if (guid !== undefined) {
          app.updateAttachment({ guid, filename: `~/Library/x/${c % 3}.heic`, bytes: c, transferState });
        }
        return true;
      }
      case "pictureName":
        app.db.prepare("UPDATE attachment SET transfer_name = :name WHERE guid = :guid")
          .run({ guid: this.#one(PICTURES, a) ?? "", name: `cat ${c % 4}.heic` });
        return true;
      default:
        return false;
    }
  }

  #isOfTheFile({ kind, a, b, c }: Step): void {
    const { app } = this.#bench;
    switch (kind) {
      case "upgrade": {
        const next = RELEASES[RELEASES.indexOf(this.#release) + 1 + a % 2];
        if (next !== undefined) app.upgrade({ release: next });
        return;
      }
      case "checkpoint":
        app.checkpoint({ mode: pick(CHECKPOINT_MODES, a) });
        return;
      case "sync":
        return this.#looks.catchUp(1 + c % 40);
      case "slices":
        return this.#looks.compare(1 + c % 3);
      case "ask":
        return this.#looks.ask();
      case "restart":
        return this.#looks.restart();
      case "kill":
        return this.#looks.dieAt(1 + c % 24);
      case "snapshot":
        this.#snapshots.push(this.#copy());
        return;
      case "replaced":
        return this.#looks.otherFile(() => putInPlace(this.#bench, this.#copy(), { running: b % 2 === 0 }));
      case "restored":
        return this.#withSnapshot(a, (path) => {
          const copy = `${path}.copy`;
          Deno.copyFileSync(path, copy);
          putInPlace(this.#bench, copy, { running: b % 2 === 0 });
        });
      case "copiedOver":
        return this.#withSnapshot(a, (path) => copyOver(this.#bench, path));
      case "restoredInto":
        return this.#withSnapshot(a, (path) => restoreInto(app.db, path));
      default:
        throw new Error(`Nobody plays ${kind}`);
    }
  }

  #copy(): string {
    const path = `${this.#bench.folder}/copy-${this.#count++}.db`;
    copyTo(this.#bench, path);
    return path;
  }

  #withSnapshot(at: number, work: (path: string) => void): void {
    const path = this.#snapshots[at % Math.max(1, this.#snapshots.length)];
    if (path !== undefined) this.#looks.otherFile(() => work(path));
  }
}

/** Without the table nothing is in it. */
function DELETED_OR_NONE(there: boolean): string {
  return there ? DELETED : "SELECT guid FROM message WHERE 0";
}

function pick<T>(from: readonly T[], at: number): T {
  const value = from[at % from.length];
  if (value === undefined) throw new RangeError("Cannot pick from nothing");
  return value;
}
