/**
 * The outbox: events written in the same transaction as the rows that they speak of, read back by position.
 * Kept: the last 100,000 events or 7 days, whichever is more.
 */
import type { StoredEventName } from "../model/events.ts";
import type { FeedPosition, FeedStore, WireEvent } from "../model/feed.ts";
import { integer, integerOrNull, text } from "../sqlite/row.ts";
import type { Connection } from "../sqlite/sqlite.ts";
import { STATE_KEYS, StateStore } from "./state.ts";
import { statementsOf } from "../sqlite/statements.ts";
import outboxSql from "./sql/outbox.sql" with { type: "text" };

const SQL = statementsOf(outboxSql, [
  "add",
  "eventsAfter",
  "prune",
  "position",
]);

/** Exported for its test. */
export const KEPT_EVENTS = 100_000;
/** Exported for its test. */
export const KEPT_MS = 7 * 24 * 3600 * 1000;

/** An event on its way into the outbox; `data` is JSON. */
export interface NewEvent {
  readonly event: StoredEventName;
  readonly topics: readonly string[];
  readonly data: string;
  /** The message whose text `data` holds, so that it can be taken out when it is unsent or deleted. */
  readonly messageId?: number;
}

export class Outbox implements FeedStore {
  readonly #db: Connection;
  readonly #state: StateStore;
  readonly feed: string;

  /** `db` is a database that {@link openChatStatsDatabase} made. */
  constructor(db: Connection) {
    this.#db = db;
    this.#state = new StateStore(db);
    this.feed = this.#state.get(STATE_KEYS.feed) ?? "";
  }

  /** Adds events inside the caller's transaction; gives them as they will be delivered after it committed. */
  append(events: readonly NewEvent[], atMs: number): WireEvent[] {
    const insert = this.#db.prepare(SQL.add);
    return events.map((event) => {
      const topics = JSON.stringify(event.topics);
      const seq = insert.run({
        at: atMs,
        event: event.event,
        topics,
        data: event.data,
        message: event.messageId ?? null,
      }).lastId;
      return { seq, topics: event.topics, json: wireJson(seq, atMs, event.event, topics, event.data) };
    });
  }

  /**
   * Makes everything up to now impossible to replay, inside the caller's transaction: a catch-up too big to tell row
   * by row. One number is spent, so that a client that had everything before is behind now.
   */
  breakFeed(): void {
    const seq = this.position().seq + 1;
    this.#db.prepare("DELETE FROM main.sqlite_sequence WHERE name = 'sync_events'").run();
    this.#db.prepare("INSERT INTO main.sqlite_sequence (name, seq) VALUES ('sync_events', :seq)").run({
      seq,
    });
    this.#state.set(STATE_KEYS.feedFloor, seq);
  }

  position(): FeedPosition {
    const row = this.#db.prepare(SQL.position).get({ floor: STATE_KEYS.feedFloor }) ?? {};
    const seq = integer(row, "seq");
    const kept = integerOrNull(row, "first") ?? seq + 1;
    return { seq, oldest: Math.max(kept, integer(row, "floor") + 1) };
  }

  read(after: number, limit: number): WireEvent[] {
    const rows = this.#db.prepare(SQL.eventsAfter).all({ after, limit });
    return rows.map((row) => {
      const seq = integer(row, "seq");
      const topics = text(row, "topics");
      return {
        seq,
        topics: parseTopics(topics),
        json: wireJson(seq, integer(row, "at"), text(row, "event"), topics, text(row, "data")),
      };
    });
  }

  /** Takes away at most `limit` events that need not be kept; gives how many it took. */
  prune(nowMs: number, limit: number): number {
    return this.#db.prepare(SQL.prune).run({
      until: this.position().seq - KEPT_EVENTS,
      before: nowMs - KEPT_MS,
      limit,
    }).changes;
  }
}

function wireJson(seq: number, atMs: number, event: string, topics: string, data: string): string {
  const at = new Date(atMs).toISOString();
  return `{"type":"event","seq":${seq},"at":"${at}","event":"${event}","topics":${topics},"data":${data}}`;
}

function parseTopics(json: string): readonly string[] {
  const value: unknown = JSON.parse(json);
  return Array.isArray(value) ? value.filter((topic) => typeof topic === "string") : [];
}
