/** Steps of messages and tapbacks. */
import { TAPBACK_KINDS } from "../../../src/simulator/operations/inputs.ts";
import { LiveSyncError } from "../../../src/model/errors.ts";
import { HOUR_MS, PEOPLE, pick, pickFrom, type SequenceFile, SERVICES } from "./sequence_file.ts";
import type { Step } from "./sequence_steps.ts";

const TEXTS = ["ok", "", "Zoë 👩‍👩‍👧 café", "a\0b", "x".repeat(300), "\uFFFC", " spaced ", "long ".repeat(3_000)];

/** New rows. Gives whether the step is one of these. */
export function addMessages(file: SequenceFile, { kind, a, b, c }: Step): boolean {
  const { app } = file;
  const dateMs = file.dateMs;
  const sender = b % 3 === 0 ? {} : { from: pick(PEOPLE, b) };
  const chat = file.one("chats", a);
  const message = file.one("messages", a);
  switch (kind) {
    case "message": {
      if (chat === undefined) return true;
      const reply = message !== undefined && c % 4 === 0 ? { replyTo: message } : {};
      const service = a % 5 === 0 ? { service: pick(SERVICES, c) } : {};
      const storage = pick(["body", "text", "both"] as const, c);
      const at = c % 17 === 0 ? dateMs + 720 * HOUR_MS : c % 11 === 0 ? dateMs - (b % 30) * HOUR_MS : dateMs;
      app.message({ chat, ...sender, text: pick(TEXTS, c), storage, dateMs: at, ...reply, ...service });
      return true;
    }
    case "late":
      if (chat !== undefined) app.message({ chat, ...sender, text: "late", dateMs, joinLater: true });
      return true;
    case "join": {
      const guid = pickFrom(file.late, b);
      if (guid !== undefined && chat !== undefined) app.join({ guid, chat });
      return true;
    }
    case "again":
      if (message !== undefined && chat !== undefined && !isIn(file, message, chat)) {
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

function isIn({ app }: SequenceFile, message: string, chat: string): boolean {
  return app.db.prepare(
    `SELECT 1 FROM chat_message_join WHERE chat_id = (SELECT ROWID FROM chat WHERE guid = :chat)
        AND message_id = (SELECT ROWID FROM message WHERE guid = :message)`,
  ).get({ chat, message }) !== undefined;
}

/** Rows that are there, however old. Gives whether the step is one of these. */
export function changeMessages(file: SequenceFile, { kind, a, b, c }: Step): boolean {
  const { app } = file;
  const dateMs = file.dateMs;
  const guid = kind === "recover"
    ? pickFrom(file.deleted, a)
    : file.one(kind === "retapback" || (kind === "flip" && b % 4 === 0) ? "tapbacks" : "messages", a);
  const change = (work: (guid: string) => unknown): true => {
    if (guid !== undefined) work(guid);
    return true;
  };
  switch (kind) {
    case "edit":
      return change((guid) =>
        edited(file, () => app.edit({ guid, text: pick(["new", `edited ${c}`], b), dateMs }))
      );
    case "unsend":
      return change((guid) => edited(file, () => app.unsend({ guid, dateMs })));
    case "unsendPart":
      return change((guid) =>
        edited(file, () => app.unsend({ guid, part: c % 2, keepText: "kept", dateMs }))
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
      return change((guid) => file.isOfMacos13 && app.delete({ guid, dateMs }));
    case "recover":
      return change((guid) => app.recover({ guid, dateMs }));
    case "forGood": {
      const any = file.one("rows", a);
      if (any !== undefined) app.deleteForGood({ guid: any });
      return true;
    }
    default:
      return false;
  }
}

/** Not before macOS 13, and not a part that is not there. */
function edited(file: SequenceFile, work: () => void): void {
  if (!file.isOfMacos13) return;
  try {
    work();
  } catch (error) {
    if (!(error instanceof LiveSyncError) || error.code !== "no_such_part") throw error;
  }
}
