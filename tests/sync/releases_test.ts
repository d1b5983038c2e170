/** Every macOS release, fresh and upgraded: one of everything, followed live, imported at once, and what it has to give. */
import { deepEqual, equal } from "node:assert/strict";
import { isAtLeast, type Origin, type Release, RELEASES } from "../../src/simulator/releases.ts";
import { logicalContent } from "../support/logical_content.ts";
import { at, DAY_MS, EVE, JANE, OLD_MS, OMAR, RichHistory, writeOldRows } from "../support/rich_history.ts";
import { NOON_MS } from "../support/fake_clock.ts";
import { SyncFixture } from "../support/sync_fixture.ts";

const ORIGINS: readonly Origin[] = ["fresh", "upgraded"];

interface File {
  readonly release: Release;
  readonly origin: Origin;
}

/** A fixture on an empty file of the release; an upgraded one has rows from before macOS 10.13. */
function fixtureOn({ release, origin }: File): SyncFixture {
  if (origin === "fresh") return new SyncFixture({ release });
  const fixture = new SyncFixture({ release: "macos10_13", origin });
  writeOldRows(fixture);
  fixture.app.upgrade({ release });
  return fixture;
}

/** One line a message: where, who, words, and what else is set. */
function messageLines(fixture: SyncFixture): string[] {
  return (logicalContent(fixture.db)["messages"] ?? []).map((row) => {
    const set = [
      "reply_to_guid",
      "date_delivered",
      "date_read",
      "date_edited",
      "date_retracted",
      "deleted_at",
    ]
      .flatMap((name) => row[name] === null ? [] : [`${name}=${row[name]}`]);
    const content = row["content"] === "" ? "-" : decode(String(row["content"]));
    const where = `${row["chat_identifier"]} ${row["service_name"]}`;
    return [row["guid"], where, row["sender"], row["timestamp"], row["message_type"], content, ...set].join(
      " | ",
    );
  });
}

function decode(hex: string): string {
  return new TextDecoder().decode(Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16)));
}

function expectedMessages({ release, origin }: File): string[] {
  const has = (least: Release) => isAtLeast(release, least);
  const jane = `${JANE} iMessage`;
  const told = (when: boolean, ...words: string[]) => when ? words : [];
  const lines = [
    ...told(
      origin === "upgraded",
      `OLD-IN | ${jane} | ${JANE} | ${OLD_MS} | text | Happy new phone`,
      `OLD-OUT | ${jane} | me | ${OLD_MS + 60_000} | text | Thanks`,
    ),
    `IN | ${jane} | ${JANE} | ${at(1)} | text | Dinner at eight?`,
    `OUT | ${jane} | me | ${at(2)} | text | On my way | date_delivered=${at(26)} | date_read=${at(27)}`,
    `SMS | ${JANE} SMS | ${JANE} | ${at(3)} | text | green`,
    `rcs | ${JANE} rcs | ${JANE} | ${at(4)} | text | small`,
    `RCS | ${OMAR} RCS | ${OMAR} | ${at(5)} | text | Zoë 👩‍👩‍👧`,
    `LITE | ${JANE} iMessageLite | ${JANE} | ${at(6)} | text | from space`,
    `G1 | chat900 iMessage | ${OMAR} | ${at(7)} | text | Who is in?`,
    `G2 | chat900 iMessage | me | ${at(8)} | text | Me`,
    [
      `REPLY | chat900 iMessage | ${JANE} | ${at(9)} | text | Me too`,
      ...told(has("macos11"), "reply_to_guid=G1"),
    ].join(" | "),
    `PIC | ${jane} | ${JANE} | ${at(14)} | attachment | -`,
    `LATE | ${jane} | ${JANE} | ${at(18)} | text | late`,
    `TWO | ${jane} | ${JANE} | ${at(19)} | text | in two chats`,
    `FLIP | ${jane} | me | ${at(20)} | text | mine, it turns out`,
    has("macos13")
      ? `EDIT | ${jane} | me | ${at(21)} | text | Hello | date_edited=${at(30)}`
      : `EDIT | ${jane} | me | ${at(21)} | text | Helo`,
    // On macOS 26 date_retracted stays 0 there; message_summary_info tells instead.
    has("macos13")
      ? [
        `UNSEND | ${jane} | me | ${at(22)} | text | - | date_edited=${at(31)}`,
        `date_retracted=${at(31)}`,
      ].join(" | ")
      : `UNSEND | ${jane} | me | ${at(22)} | text | secret`,
    [
      `GONE | ${jane} | ${JANE} | ${at(23)} | text | to Recently Deleted`,
      ...told(has("macos13"), `deleted_at=${at(32)}`),
    ].join(" | "),
    `BACK | ${jane} | ${JANE} | ${at(24)} | text | there and back`,
    `SCHEDULED | ${jane} | me | ${NOON_MS + 10 * DAY_MS} | text | Happy birthday`,
    `NEXT | ${jane} | ${JANE} | ${at(25)} | text | today`,
  ];
  return lines.toSorted();
}

/** All that is not a message, in few columns. */
function theRest(fixture: SyncFixture) {
  return {
    reactions: fixture.rows(
      `SELECT guid, original_message_guid AS target, reaction_type AS type, emoji
         FROM reactions WHERE removed_at IS NULL ORDER BY guid`,
    ),
    chats: fixture.rows(
      "SELECT chat_identifier AS id, chat_name AS name, service_name AS service, total_messages AS n FROM chats ORDER BY 1",
    ),
    members: fixture.rows(
      `SELECT i.identifier FROM chat_participants p JOIN chats c ON c.id = p.chat_id
         JOIN contact_identifiers i ON i.contact_id = p.contact_id WHERE c.chat_identifier = 'chat900' ORDER BY 1`,
    ).map((row) => row["identifier"]),
    people: fixture.column("SELECT identifier FROM contact_identifiers ORDER BY 1"),
    happenings: fixture.rows("SELECT guid, kind, title FROM chat_events ORDER BY timestamp"),
    attachments: fixture.rows(
      `SELECT a.guid, m.guid AS message, a.file_name AS name, a.path, a.size
         FROM attachments a JOIN messages m ON m.id = a.message_id`,
    ),
    pending: fixture.rows("SELECT * FROM pending_rows"),
  };
}

function expectedRest({ release, origin }: File): ReturnType<typeof theRest> {
  const has = (least: Release) => isAtLeast(release, least);
  return {
    reactions: [
      { guid: "EMOJI", target: "G1", type: "emoji", emoji: has("macos15") ? "🎉" : null },
      { guid: "LAUGH", target: "IN", type: "laugh", emoji: null },
      { guid: "STICKER", target: "G2", type: "sticker", emoji: null },
    ],
    chats: [
      {
        id: JANE,
        name: JANE,
        // The newest of an address's chats speaks; macOS 26 has one for all services.
        service: has("macos26") ? "iMessage" : "rcs",
        n: 15 + (origin === "upgraded" ? 2 : 0) - (has("macos13") ? 1 : 0),
      },
      { id: OMAR, name: OMAR, service: "RCS", n: 1 },
      { id: "chat900", name: "Bouldering", service: "iMessage", n: 3 },
    ],
    members: [JANE, EVE],
    people: [JANE, OMAR, EVE],
    happenings: [
      { guid: "NAMED", kind: "renamed", title: "Bouldering" },
      { guid: "ADDED", kind: "member_added", title: null },
      { guid: "LEFT", kind: "left", title: null },
    ],
    attachments: [
      {
        guid: "CAT",
        message: "PIC",
        name: "cat.heic",
        path: "/Users/jane/Library/Messages/cat.heic",
        size: 12,
      },
    ],
    pending: [],
  };
}

function check(fixture: SyncFixture, file: File): void {
  deepEqual(messageLines(fixture), expectedMessages(file));
  deepEqual(theRest(fixture), expectedRest(file));
}

for (const release of RELEASES) {
  for (const origin of ORIGINS) {
    Deno.test(`sync() gives all that people did when the file is of ${release}, ${origin}`, () => {
      const file = { release, origin };
      using fixture = fixtureOn(file);
      fixture.sync();
      const history = new RichHistory(fixture, release);
      history.begin();
      fixture.sync();
      const watermark = "SELECT value FROM live_sync_state WHERE key = 'watermark.message_rowid'";
      const highest = fixture.app.db.prepare("SELECT max(ROWID) AS top FROM message").get()?.["top"];
      equal(Number(fixture.column(watermark)[0]), highest);
      history.goOn();
      fixture.sync();
      history.end();
      fixture.sync();
      check(fixture, file);
      deepEqual(fixture.sync().events, [], "nothing may be left to tell");

      const folder = Deno.makeTempDirSync({ prefix: "chatstats-test-" });
      try {
        using fresh = new SyncFixture({ folder });
        fresh.readFrom(fixture.chatDb);
        fresh.sync();
        check(fresh, file);
        deepEqual(logicalContent(fixture.db), logicalContent(fresh.db));
      } finally {
        Deno.removeSync(folder, { recursive: true });
      }
    });
  }
}
