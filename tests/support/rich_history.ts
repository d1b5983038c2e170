/**
 * One of everything that people do in Messages, for any macOS release: what the release can't do is left out. GUIDs and
 * dates are given, so that what it leads to can be written down.
 */
import { isAtLeast, type Release } from "../../src/simulator/releases.ts";
import { NOON_MS } from "./fake_clock.ts";
import type { SyncFixture } from "./sync_fixture.ts";

export const JANE = "+15550100001";
export const OMAR = "+15550100002";
export const EVE = "eve@example.com";
export const DAY_MS = 24 * 3600 * 1000;
/** Before macOS 10.13, when dates were in seconds. */
export const OLD_MS = Date.UTC(2015, 4, 1);

/** Minutes after noon. */
export const at = (minutes: number): number => NOON_MS + minutes * 60_000;

/** Rows of a file that was made before macOS 10.13. */
export function writeOldRows({ app }: SyncFixture): void {
  const chat = app.createChat({ address: JANE, guid: `iMessage;-;${JANE}` }).guid;
  const old = { chat, storage: "text", dateUnit: "s" } as const;
  app.message({ ...old, guid: "OLD-IN", from: JANE, text: "Happy new phone", dateMs: OLD_MS });
  app.message({ ...old, guid: "OLD-OUT", text: "Thanks", dateMs: OLD_MS + 60_000 });
}

export class RichHistory {
  readonly #fixture: SyncFixture;
  readonly #release: Release;
  #jane = "";
  constructor(fixture: SyncFixture, release: Release) {
    this.#fixture = fixture;
    this.#release = release;
  }

  #has(least: Release): boolean {
    return isAtLeast(this.#release, least);
  }

  /** GUID of the 1:1 chat with this address; one that is there already stays the one. */
  #chat(address: string, service = "iMessage"): string {
    const { app } = this.#fixture;
    const known = app.db.prepare(
      "SELECT guid FROM chat WHERE chat_identifier = :address AND service_name = :service",
    )
      .get({ address, service });
    return known === undefined ? app.createChat({ address, service }).guid : String(known["guid"]);
  }

  /** What comes first. */
  begin(): void {
    const { app } = this.#fixture;
    const jane = this.#jane = this.#chat(JANE);
    app.message({ guid: "IN", chat: jane, from: JANE, text: "Dinner at eight?", dateMs: at(1) });
    app.message({ guid: "OUT", chat: jane, text: "On my way", storage: "both", dateMs: at(2) });
    app.message({
      guid: "SMS",
      chat: this.#chat(JANE, "SMS"),
      from: JANE,
      service: "SMS",
      text: "green",
      dateMs: at(3),
    });
    app.message({
      guid: "rcs",
      chat: this.#chat(JANE, "rcs"),
      from: JANE,
      service: "rcs",
      text: "small",
      dateMs: at(4),
    });
    app.message({ guid: "RCS", chat: this.#chat(OMAR, "RCS"), from: OMAR, text: "Zoë 👩‍👩‍👧", dateMs: at(5) });
    app.message({
      guid: "LITE",
      chat: jane,
      from: JANE,
      service: "iMessageLite",
      text: "from space",
      dateMs: at(6),
    });
    const group = app.createGroup({ members: [JANE, OMAR], name: "Climbing", identifier: "chat900" }).guid;
    app.message({ guid: "G1", chat: group, from: OMAR, text: "Who is in?", dateMs: at(7) });
    app.message({ guid: "G2", chat: group, text: "Me", dateMs: at(8) });
    app.message({ guid: "REPLY", chat: group, from: JANE, text: "Me too", replyTo: "G1", dateMs: at(9) });
    app.tapback({ guid: "LOVE", target: "IN", kind: "love", dateMs: at(10) });
    app.tapback({ guid: "LIKE", target: "OUT", kind: "like", from: JANE, dateMs: at(11) });
    app.tapback({ guid: "EMOJI", target: "G1", kind: "emoji", emoji: "🎉", from: JANE, dateMs: at(12) });
    app.tapback({ guid: "STICKER", target: "G2", kind: "oldSticker", from: OMAR, dateMs: at(13) });
    app.message({
      guid: "PIC",
      chat: jane,
      from: JANE,
      dateMs: at(14),
      attachments: [{ name: "cat.heic", guid: "CAT", joinLater: true }],
    });
    app.happening({
      guid: "NAMED",
      chat: group,
      kind: "renamed",
      title: "Bouldering",
      from: JANE,
      dateMs: at(15),
    });
    app.happening({
      guid: "ADDED",
      chat: group,
      kind: "memberAdded",
      member: EVE,
      from: JANE,
      dateMs: at(16),
    });
    app.happening({ guid: "LEFT", chat: group, kind: "left", from: OMAR, dateMs: at(17) });
    app.message({ guid: "LATE", chat: jane, from: JANE, text: "late", joinLater: true, dateMs: at(18) });
    app.message({ guid: "TWO", chat: group, from: JANE, text: "in two chats", dateMs: at(19) });
    app.message({ guid: "FLIP", chat: jane, from: JANE, text: "mine, it turns out", dateMs: at(20) });
    app.message({ guid: "EDIT", chat: jane, text: "Helo", dateMs: at(21) });
    app.message({ guid: "UNSEND", chat: jane, text: "secret", dateMs: at(22) });
    app.message({ guid: "GONE", chat: jane, from: JANE, text: "to Recently Deleted", dateMs: at(23) });
    app.message({ guid: "BACK", chat: jane, from: JANE, text: "there and back", dateMs: at(24) });
    app.message({
      guid: "SCHEDULED",
      chat: jane,
      text: "Happy birthday",
      dateMs: NOON_MS + 10 * DAY_MS,
      ...(this.#has("macos15") ? { columns: { schedule_type: 2, schedule_state: 1 } } : {}),
    });
  }

  /** What changes, joins and comes after a message with a date in the future. */
  goOn(): void {
    const { app } = this.#fixture;
    app.message({ guid: "NEXT", chat: this.#jane, from: JANE, text: "today", dateMs: at(25) });
    app.join({ guid: "LATE" });
    app.join({ guid: "TWO", chat: this.#jane });
    app.change({ guid: "FLIP", columns: { is_from_me: 1 } });
    app.joinAttachment({ guid: "CAT" });
    app.updateAttachment({ guid: "CAT", filename: "~/Library/Messages/cat.heic", bytes: 12 });
    app.markDelivered({ guid: "OUT", dateMs: at(26) });
    app.markRead({ guid: "OUT", dateMs: at(27) });
    app.tapback({ guid: "LAUGH", target: "IN", kind: "laugh", dateMs: at(28) });
    app.removeTapback({ guid: "UNLIKE", target: "OUT", kind: "like", from: JANE, dateMs: at(29) });
    if (!this.#has("macos13")) return;
    app.edit({ guid: "EDIT", text: "Hello", dateMs: at(30) });
    app.unsend({ guid: "UNSEND", dateMs: at(31) });
    app.delete({ guid: "GONE", dateMs: at(32) });
    app.delete({ guid: "BACK", dateMs: at(33) });
  }

  end(): void {
    if (this.#has("macos13")) this.#fixture.app.recover({ guid: "BACK", dateMs: at(34) });
  }
}
