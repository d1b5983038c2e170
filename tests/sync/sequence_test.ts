/**
 * Any sequence of what Messages does on any macOS release, also when macOS is upgraded in between, looked at whenever we
 * happen to look, ends in the same database as one import of the final file.
 */
import { deepEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import { isAtLeast, type Origin, type Release, releaseOf, RELEASES } from "../../src/demo/releases.ts";
import { CHECKPOINT_MODES, TAPBACK_KINDS } from "../../src/demo/operations/inputs.ts";
import { logicalContent } from "../support/logical_content.ts";
import { testSeed } from "../support/seed.ts";
import { NOON_MS, Workbench } from "../support/workbench.ts";

const PEOPLE = ["+15550100001", "+15550100002", "jane@example.com", "242733", "+447700900123"];
const SERVICES = ["iMessage", "SMS", "RCS", "rcs", "iMessageLite"];
const TEXTS = ["ok", "", "Zoë 👩‍👩‍👧 café", "a\0b", "x".repeat(300), "\uFFFC", " spaced "];

interface Step {
  readonly kind: (typeof KINDS)[number];
  readonly a: number;
  readonly b: number;
  readonly c: number;
}
const KINDS = [
  "message",
  "message",
  "message",
  "late",
  "join",
  "tapback",
  "tapback",
  "untapback",
  "picture",
  "picturejoin",
  "picturefill",
  "happening",
  "edit",
  "unsend",
  "read",
  "flip",
  "delete",
  "recover",
  "again",
  "upgrade",
  "upgrade",
  "chat",
  "group",
  "checkpoint",
  "failed",
  "filename",
  "renamed",
  "members",
  "forgood",
  "forgood",
  "chatgone",
  "sync",
  "sync",
  "restart",
] as const;

/** Plays steps on the simulated app; picks among what is there by the step's numbers. */
class Player {
  readonly #bench: Workbench;
  #chats: string[] = [];
  #groups: string[] = [];
  #messages: string[] = [];
  readonly #late: string[] = [];
  #pictures: string[] = [];
  /** Of several chats: not deleted here, as Messages' own way to do so is not known. */
  readonly #again: string[] = [];
  #deleted: string[] = [];
  #dateMs = NOON_MS;
  #count = 0;

  constructor(bench: Workbench) {
    this.#bench = bench;
    this.#chats.push(bench.app.createChat({ address: PEOPLE[0] ?? "" }).guid);
  }

  #release(): Release {
    return releaseOf(this.#bench.app.db);
  }

  /** Nothing more is done with what was deleted. */
  #forgetGone(): void {
    const exists = (table: "message" | "chat") => (guid: string) =>
      this.#bench.app.db.prepare(`SELECT 1 FROM ${table} WHERE guid = :guid`).get({ guid }) !== undefined;
    this.#messages = this.#messages.filter(exists("message"));
    this.#deleted = this.#deleted.filter(exists("message"));
    this.#chats = this.#chats.filter(exists("chat"));
    this.#groups = this.#groups.filter(exists("chat"));
    this.#pictures = [];
  }

  play(step: Step): void {
    const { app } = this.#bench;
    const dateMs = this.#dateMs += 1 + step.c % 5_000;
    const chat = pick([...this.#chats, ...this.#groups], step.a);
    const from = step.b % 3 === 0 ? undefined : pick(PEOPLE, step.b);
    const sender = from === undefined ? {} : { from };
    const message = this.#messages.length === 0 ? undefined : pick(this.#messages, step.a);
    switch (step.kind) {
      case "message": {
        const storage = pick(["body", "text", "both"] as const, step.c);
        const reply = message !== undefined && step.c % 4 === 0 ? { replyTo: message } : {};
        const service = step.a % 5 === 0 ? { service: pick(SERVICES, step.c) } : {};
        const { guid } = app.message({
          chat,
          ...sender,
          text: pick(TEXTS, step.c),
          storage,
          dateMs: step.c % 17 === 0 ? dateMs + 30 * 24 * 3600 * 1000 : dateMs,
          ...reply,
          ...service,
        });
        this.#messages.push(guid);
        return;
      }
      case "late":
        this.#late.push(app.message({ chat, ...sender, text: "late", dateMs, joinLater: true }).guid);
        return;
      case "join": {
        const guid = this.#late.splice(step.a % Math.max(1, this.#late.length), 1)[0];
        if (guid === undefined) return;
        app.join({ guid });
        this.#messages.push(guid);
        return;
      }
      case "tapback":
      case "untapback": {
        if (message === undefined || this.#deleted.includes(message)) return;
        const kind = pick(TAPBACK_KINDS, step.b);
        const target = { target: message, kind, ...sender, part: step.c % 2, dateMs };
        const emoji = kind === "emoji" ? { emoji: pick(["🎉", "🦦"], step.c) } : {};
        if (step.kind === "tapback") app.tapback({ ...target, ...emoji });
        else app.removeTapback({ ...target, ...emoji });
        return;
      }
      case "picture": {
        const guid = `PICTURE-${this.#count++}`;
        const attachment = { name: "cat.heic", guid, joinLater: step.c % 2 === 0 };
        this.#messages.push(app.message({ chat, ...sender, dateMs, attachments: [attachment] }).guid);
        if (attachment.joinLater) this.#pictures.push(guid);
        return;
      }
      case "picturejoin": {
        const guid = this.#pictures.shift();
        if (guid !== undefined) app.joinAttachment({ guid });
        return;
      }
      case "picturefill": {
        const guid = `PICTURE-${this.#count - 1}`;
        const known = app.db.prepare("SELECT 1 FROM attachment WHERE guid = :guid").get({ guid });
        if (known !== undefined) {
          app.updateAttachment({ guid, filename: "~/Library/x/cat.heic", bytes: step.c });
        }
        return;
      }
      case "happening": {
        const group = this.#groups.at(step.a % Math.max(1, this.#groups.length));
        if (group === undefined) return;
        const kind = pick(["renamed", "memberAdded", "memberRemoved", "photoChanged"] as const, step.b);
        const member = pick(PEOPLE, step.c);
        if (kind === "renamed") app.happening({ chat: group, kind, title: `Group ${step.c % 3}`, dateMs });
        else if (kind === "photoChanged") app.happening({ chat: group, kind, dateMs });
        else app.happening({ chat: group, kind, member, dateMs });
        return;
      }
      case "edit":
      case "unsend":
        if (message === undefined || this.#deleted.includes(message)) return;
        if (!isAtLeast(this.#release(), "macos13")) return;
        if (step.kind === "edit") app.edit({ guid: message, text: `edited ${step.c}`, dateMs });
        else app.unsend({ guid: message, dateMs });
        return;
      case "flip":
        if (message !== undefined) app.change({ guid: message, columns: { is_from_me: step.c % 2 } });
        return;
      case "again": {
        if (message === undefined || this.#deleted.includes(message) || this.#again.includes(message)) return;
        const known = app.db.prepare(
          `SELECT 1 FROM chat_message_join WHERE chat_id = (SELECT ROWID FROM chat WHERE guid = :chat)
              AND message_id = (SELECT ROWID FROM message WHERE guid = :message)`,
        ).get({ chat, message });
        if (known !== undefined) return;
        app.join({ guid: message, chat });
        this.#again.push(message);
        return;
      }
      case "upgrade": {
        const next = RELEASES[RELEASES.indexOf(this.#release()) + 1 + step.a % 2];
        if (next !== undefined) app.upgrade({ release: next });
        return;
      }
      case "read":
        if (message !== undefined) app.markRead({ guid: message, dateMs });
        return;
      case "delete":
        if (message === undefined || this.#deleted.includes(message)) return;
        if (!isAtLeast(this.#release(), "macos13") || this.#again.includes(message)) return;
        app.delete({ guid: message, dateMs });
        this.#deleted.push(message);
        return;
      case "recover": {
        const guid = this.#deleted.pop();
        if (guid !== undefined) app.recover({ guid });
        return;
      }
      case "failed":
        if (message !== undefined) app.change({ guid: message, columns: { error: step.c % 3 } });
        return;
      case "filename":
        app.db.prepare(
          "UPDATE attachment SET transfer_name = :name WHERE ROWID = (SELECT max(ROWID) FROM attachment)",
        )
          .run({ name: `cat ${step.c % 4}.heic` });
        return;
      case "renamed":
        app.changeChat({ chat, name: `Name ${step.c % 3}`, archived: step.b % 2 === 0 });
        return;
      case "members": {
        const group = this.#groups.at(step.a % Math.max(1, this.#groups.length));
        const member = [pick(PEOPLE, step.b)];
        if (group === undefined) return;
        app.changeMembers(step.c % 2 === 0 ? { chat: group, add: member } : { chat: group, remove: member });
        return;
      }
      case "forgood":
        if (message === undefined) return;
        app.deleteForGood({ guid: message });
        this.#forgetGone();
        return;
      case "chatgone":
        // What Messages does with messages that still wait for a chat, or lie in Recently Deleted, is not known.
        if (this.#late.length > 0 || this.#deleted.length > 0 || this.#chats.length < 2) return;
        app.deleteChat({ chat });
        this.#forgetGone();
        return;
      case "chat": {
        const service = pick(SERVICES, step.b);
        const address = pick(PEOPLE, step.a);
        const known = app.db.prepare("SELECT 1 FROM chat WHERE guid = :guid").get({
          guid: `${service};-;${address}`,
        });
        if (known === undefined) this.#chats.push(app.createChat({ address, service }).guid);
        return;
      }
      case "group":
        this.#groups.push(
          app.createGroup({ members: PEOPLE.slice(step.a % 3), name: step.b % 2 ? "Trip" : "" }).guid,
        );
        return;
      case "checkpoint":
        app.checkpoint({ mode: pick(CHECKPOINT_MODES, step.a) });
        return;
      case "sync":
        this.#bench.sync(1 + step.c % 40);
        // Where the WAL could not tell, everything is compared.
        if (this.#bench.messages.reconcile.walking) this.#bench.reconcile();
        return;
      case "restart":
        this.#bench.restart();
        return;
    }
  }
}

/** What two databases must agree on though one of them saw rows that were deleted for good. */
function comparable(bench: Workbench, { deletions, flipped }: { deletions: boolean; flipped: boolean }) {
  const content = logicalContent(bench.db);
  const identifiers = bench.rows("SELECT type, identifier FROM contact_identifiers ORDER BY 1, 2");
  // `last_used` counts what its address was once thought to have sent.
  if (!deletions) return flipped ? { ...content, identifiers } : content;
  const there = new Set(bench.column("SELECT chat_identifier FROM chats WHERE deleted_at IS NULL"));
  const messages = new Set(bench.column("SELECT guid FROM messages WHERE source_rowid IS NOT NULL"));
  const of = (name: string) => content[name] ?? [];
  return {
    ...content,
    messages: of("messages").filter((row) => messages.has(row["guid"])),
    reactions: of("reactions").filter((row) => messages.has(row["original_message_guid"])),
    // `created_date` knows of messages that were deleted.
    chats: of("chats").filter((row) => row["deleted_at"] === null).map((row) => ({
      ...row,
      created_date: null,
    })),
    participants: of("participants").filter((row) => there.has(row["chat_identifier"])),
    pending: of("pending").filter((row) => row["kind"] !== "reaction"),
    identifiers: [],
  };
}

function pick<T>(from: readonly T[], at: number): T {
  const value = from[at % from.length];
  if (value === undefined) throw new RangeError("Cannot pick from nothing");
  return value;
}

const DOUBLE_TAPBACKS = `
  SELECT original_message_guid FROM reactions
   WHERE removed_at IS NULL AND reaction_type <> 'sticker'
   GROUP BY original_message_guid, original_part, sender_id HAVING count(*) > 1`;

const number = fc.nat({ max: 100_000 });
const steps = fc.array(
  fc.record<Step>({ kind: fc.constantFrom(...KINDS), a: number, b: number, c: number }),
  {
    minLength: 1,
    maxLength: 45,
    // Else a sequence mostly has fewer than ten steps, too few for an upgrade between two syncs.
    size: "max",
  },
);

const files = fc.record<{ release: Release; origin: Origin }>({
  release: fc.constantFrom(...RELEASES),
  origin: fc.constantFrom<Origin>("fresh", "upgraded"),
});

Deno.test("sync() ends in the same database as one import of the final file when Messages does anything in any order", () => {
  fc.assert(
    fc.property(steps, fc.boolean(), files, (sequence, deferred, file) => {
      // Nothing is found by looking at recent rows again.
      using bench = new Workbench({ ...file, lookBack: 0 });
      const player = new Player(bench);
      for (const step of sequence) player.play(step);
      bench.sync();
      if (bench.messages.reconcile.walking) bench.reconcile();
      deepEqual(bench.sync().events, [], "nothing may be left to tell");
      deepEqual(bench.reconcile(), [], "nothing may be left to mend");

      const folder = Deno.makeTempDirSync({ prefix: "chatstats-test-" });
      try {
        using fresh = new Workbench({ folder, deferIndexesAbove: deferred ? 0 : 1_000_000 });
        fresh.readFrom(bench.chatDb);
        fresh.sync(7);
        const did = (...kinds: readonly Step["kind"][]) => sequence.some(({ kind }) => kinds.includes(kind));
        const leaving = { flipped: did("flip"), deletions: did("forgood", "chatgone") };
        deepEqual(comparable(bench, leaving), comparable(fresh, leaving));
        // Both sides use the same statements, so what must hold of any database is asked by itself.
        for (const one of [bench, fresh]) deepEqual(one.rows(DOUBLE_TAPBACKS), []);
        ok(fresh.column("PRAGMA main.quick_check")[0] === "ok");
      } finally {
        Deno.removeSync(folder, { recursive: true });
      }
    }),
    { seed: testSeed(), numRuns: Number(Deno.env.get("CHATSTATS_TEST_RUNS") ?? 25), verbose: 0 },
  );
});
