/** The part of a pass that brings in messages, what happened in groups, and edits. */
import { statementsOf } from "../../sqlite/statements.ts";
import type { PassContext } from "./pass_plan.ts";
import messagesSql from "./sql/messages.sql" with { type: "text" };
import { highest, runOn } from "./work_tables.ts";

const SQL = statementsOf(messagesSql, [
  "putMessages",
  "putChatEvents",
  "findEdited",
  "findEditVersions",
  "removeEdits",
  "putEdits",
  "putPending",
  "dropPending",
  "countSliceOfChats",
  "countSliceOfIdentifiers",
]);

export interface MessageFacts {
  /** Of each kind: some are among the candidates. */
  readonly messages: boolean;
  readonly happenings: boolean;
  /** Some candidates are in no chat, or a chat was examined. */
  readonly mayWait: boolean;
  /** Messages have their indexes. */
  readonly indexed: boolean;
  /** Some waited before the pass. */
  readonly waited: boolean;
  /** What changed is told; then rows are counted by their events. */
  readonly tells: boolean;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

export interface WrittenMessages {
  readonly written: number;
  /** How many of them are new to us, where nothing is told. */
  readonly inserted: number;
}

/** Throws SqliteError. */
export function bringInMessages(context: PassContext, facts: MessageFacts): WrittenMessages {
  const { db } = context;
  const { indexed } = facts;
  const run = runOn(db);
  const isCounted = !facts.tells || !indexed;
  const lastMessage = () => highest(db, "SELECT max(id) AS top FROM main.messages") ?? 0;
  const last = isCounted ? lastMessage() : 0;
  const written = facts.messages ? run(SQL.putMessages) : 0;
  const inserted = isCounted ? lastMessage() - last : 0;
  context.probe("pass.in_transaction");
  if (facts.happenings) run(SQL.putChatEvents);
  if (facts.messages && run(SQL.findEdited, { indexed: indexed ? 1 : 0, last }) > 0) {
    run(SQL.findEditVersions);
    run(SQL.removeEdits);
    run(SQL.putEdits);
  }
  if (facts.mayWait) run(SQL.putPending, { now: facts.nowMs, indexed: indexed ? 1 : 0 });
  if (indexed && facts.waited) run(SQL.dropPending);
  if (!indexed) {
    // The counting trigger is put aside in the first part of the import.
    run(SQL.countSliceOfChats, { after: last });
    run(SQL.countSliceOfIdentifiers, { after: last });
  }
  return { written, inserted };
}
