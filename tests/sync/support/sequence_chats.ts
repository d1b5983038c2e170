/** Steps of chats, their members and handles, and of attachments. */
import { text } from "../../../src/sqlite/row.ts";
import { PEOPLE, pick, type SequenceFile, SERVICES } from "./sequence_file.ts";
import type { Step } from "./sequence_steps.ts";

/** Gives whether the step is one of chats, members and handles. */
export function changeChats(file: SequenceFile, { kind, a, b, c }: Step): boolean {
  const { app } = file;
  const chat = file.one("chats", a);
  const group = file.one("groups", a);
  switch (kind) {
    case "chat": {
      const [service, address] = [pick(SERVICES, b), pick(PEOPLE, a)];
      const known = new Set(file.all("chats"));
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
      renameHandle(file, a, c);
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
        app.happening({ chat: group, kind: happening, ...said, dateMs: file.dateMs });
      }
      return true;
    }
    case "chatGone": {
      // What Messages does with messages that wait for a chat, or lie in Recently Deleted, is not known.
      const unclear = file.late.length > 0 || file.deleted.length > 0;
      if (chat !== undefined && !unclear) app.deleteChat({ chat });
      return true;
    }
    default:
      return false;
  }
}

function renameHandle({ app }: SequenceFile, a: number, c: number): void {
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

/** Gives whether the step is one of attachments. */
export function changePictures(file: SequenceFile, { kind, a, b, c }: Step): boolean {
  const { app } = file;
  switch (kind) {
    case "picture": {
      const chat = file.one("chats", a);
      if (chat === undefined) return true;
      const sender = b % 3 === 0 ? {} : { from: pick(PEOPLE, b) };
      const picture = { name: "cat.heic", guid: `PICTURE-${file.nextNumber()}`, joinLater: c % 2 === 0 };
      const words = c % 3 === 0 ? { text: "look" } : {};
      app.message({ chat, ...sender, ...words, dateMs: file.dateMs, attachments: [picture] });
      return true;
    }
    case "pictureJoin":
      // By hand: what the app remembers of it does not outlive the file.
      app.db.prepare(
        `INSERT OR IGNORE INTO message_attachment_join (message_id, attachment_id)
         SELECT m.ROWID, a.ROWID FROM attachment a JOIN message m ON m.guid = :message WHERE a.guid = :guid`,
      ).run({ guid: file.one("loosePictures", a) ?? "", message: file.one("messages", b) ?? "" });
      return true;
    case "pictureFill": {
      const guid = file.one("pictures", a);
      const transferState = pick([0, 3, 5, 6], b);
      if (guid !== undefined) {
        app.updateAttachment({ guid, filename: `~/Library/x/${c % 3}.heic`, bytes: c, transferState });
      }
      return true;
    }
    case "pictureName":
      app.db.prepare("UPDATE attachment SET transfer_name = :name WHERE guid = :guid")
        .run({ guid: file.one("pictures", a) ?? "", name: `cat ${c % 4}.heic` });
      return true;
    default:
      return false;
  }
}
