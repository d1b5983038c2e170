/**
 * The TEMP triggers that note what changes in our tables, switched to what is to be told: `off` (the first import, and a
 * backlog too big to tell row by row), `all`, or `people` (a merge re-points thousands of messages, and its one event
 * says so).
 */
import type { Connection } from "../../sqlite/sqlite.ts";
import changeLogTriggers from "./sql/change_log_triggers.sql" with { type: "text" };

export type ChangeLogMode = "off" | "people" | "all";

/** Triggers that stay in the mode `people`: contacts, chats, and tapbacks that end or stand again. */
const OF_PEOPLE = /^log_(contact|chat|reaction)_/;

interface Trigger {
  readonly name: string;
  readonly sql: string;
}

export class ChangeLog {
  readonly #db: Connection;
  readonly #triggers: readonly Trigger[];
  readonly #standing = new Set<string>();
  #mode: ChangeLogMode | null = null;

  /** Nothing is noted until a mode is set. */
  constructor(db: Connection) {
    this.#db = db;
    this.#triggers = triggersOf(changeLogTriggers);
  }

  set(mode: ChangeLogMode): void {
    if (mode === this.#mode) return;
    this.#mode = null;
    for (const { name, sql } of this.#triggers) {
      const wanted = mode === "all" || (mode === "people" && OF_PEOPLE.test(name));
      if (wanted === this.#standing.has(name)) continue;
      this.#db.exec(wanted ? sql : `DROP TRIGGER temp.${name}`);
      if (wanted) this.#standing.add(name);
      else this.#standing.delete(name);
    }
    this.#mode = mode;
  }
}

/** Each statement of a script of CREATE TEMP TRIGGER, with its name. */
function triggersOf(script: string): Trigger[] {
  return script.split(/(?=^CREATE TEMP TRIGGER )/m).flatMap((sql) => {
    const name = /^CREATE TEMP TRIGGER (\w+)/.exec(sql)?.[1];
    return name === undefined ? [] : [{ name, sql }];
  });
}
