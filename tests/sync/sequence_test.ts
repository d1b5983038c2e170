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
  "sync",
  "sync",
  "restart",
] as const;

/** Plays steps on the simulated app; picks among what is there by the step's numbers. */
class Player {
  readonly #bench: Workbench;
  readonly #chats: string[] = [];
  readonly #groups: string[] = [];
  readonly #messages: string[] = [];
  readonly #late: string[] = [];
  readonly #pictures: string[] = [];
  /** Of several chats: not deleted here, as Messages' own way to do so is not known. */
  readonly #again: string[] = [];
  readonly #deleted: string[] = [];
  #dateMs = NOON_MS;
  #count = 0;

  constructor(bench: Workbench) {
    this.#bench = bench;
    this.#chats.push(bench.app.createChat({ address: PEOPLE[0] ?? "" }).guid);
  }

  #release(): Release {
    return releaseOf(this.#bench.app.db);
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
        // Stickers are taken back by deleting their very row, which only the next issue follows.
        if (step.kind === "tapback") app.tapback({ ...target, ...emoji });
        else if (kind !== "sticker" && kind !== "oldSticker") app.removeTapback({ ...target, ...emoji });
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
        if (this.#count > 0) app.updateAttachment({ guid, filename: "~/Library/x/cat.heic", bytes: step.c });
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
        return;
      case "restart":
        this.#bench.restart();
        return;
    }
  }
}

function pick<T>(from: readonly T[], at: number): T {
  const value = from[at % from.length];
  if (value === undefined) throw new RangeError("Cannot pick from nothing");
  return value;
}

/** `last_used` counts what its address was once thought to have sent, so it is left out when a sender was corrected. */
function comparable(bench: Workbench, flipped: boolean): ReturnType<typeof logicalContent> {
  const content = logicalContent(bench.db);
  if (!flipped) return content;
  return {
    ...content,
    identifiers: bench.rows("SELECT type, identifier FROM contact_identifiers ORDER BY 1, 2"),
  };
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
      using bench = new Workbench(file);
      const player = new Player(bench);
      for (const step of sequence) player.play(step);
      bench.sync();
      const told = bench.sync();
      deepEqual(told.events, [], "nothing may be left to tell");

      const folder = Deno.makeTempDirSync({ prefix: "chatstats-test-" });
      try {
        using fresh = new Workbench({ folder, deferIndexesAbove: deferred ? 0 : 1_000_000 });
        fresh.readFrom(bench.chatDb);
        fresh.sync(7);
        const flipped = sequence.some(({ kind }) => kind === "flip");
        deepEqual(comparable(bench, flipped), comparable(fresh, flipped));
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
