/**
 * One contact into another. Runs inside a transaction of the caller, who also makes the events from the notes.
 *
 * What says "this contact" is found from the foreign keys; which identifier a row came from stays, so that
 * {@link undoMerge} can part the two again.
 */
import type { MergeChange } from "../../model/events.ts";
import type { PlannedMerge } from "../../model/contact.ts";
import { integer, text, textOrNull } from "../../sqlite/row.ts";
import type { Connection, SqlParams } from "../../sqlite/sqlite.ts";
import { settleTouchedTapbacks } from "../pass/tapback_rows.ts";
import type { ContactReference } from "./references.ts";
import { statementsOf } from "../../sqlite/statements.ts";
import mergeSql from "./sql/merge.sql" with { type: "text" };

const SQL = statementsOf(mergeSql, [
  "addMerge",
  "mergeContactAway",
  "moveIdentifiers",
  "takeUserName",
  "hasCardName",
  "forgetKeysOfDropped",
  "touchChats",
  "touchTapbacks",
  "setChatNames",
]);

/** What a merge or its undo did, as its event tells it, and where. */
export interface Repointed {
  readonly change: MergeChange;
  readonly chatIds: readonly number[];
}

/** Throws SqliteError; nothing of the transaction may be kept then. */
export function mergeContacts(
  db: Connection,
  references: readonly ContactReference[],
  plan: PlannedMerge,
  nowMs: number,
): Repointed {
  const { fromId: from, intoId: into } = plan;
  const run = (sql: string, params: SqlParams = {}) => db.prepare(sql).run(params).changes;
  run("DELETE FROM temp.touched_chat");
  touchChats(db, from);
  const before = db.prepare("SELECT name, name_source, user_name FROM main.contacts WHERE id = :into").get({
    into,
  });
  const names = namesOf(db, { from, into });
  const { lastId: merge } = db.prepare(SQL.addMerge).run({
    from,
    into,
    reason: plan.reason,
    evidence: JSON.stringify({
      ...plan.evidence,
      into_name: before ? textOrNull(before, "name") : null,
      into_name_source: before ? textOrNull(before, "name_source") : null,
      into_user_name: before ? textOrNull(before, "user_name") : null,
      from_has_card_name: hasCardName(db, plan),
    }),
    now: nowMs,
  });
  const counts = { messages: 0, reactions: 0, participants: 0 };
  for (const reference of references) {
    const moved = repoint(reference, { merge, from, into }, run);
    if (reference.table === "messages") counts.messages += moved;
    if (reference.table === "reactions") counts.reactions += moved;
    if (reference.table === "chat_participants") counts.participants += moved;
  }
  run(SQL.moveIdentifiers, { from, into });
  run(SQL.mergeContactAway, { from, into, now: nowMs });
  run(SQL.takeUserName, { from, into, now: nowMs });
  settleTapbacks(db, into, [into]);
  setChatNames(db, into);
  const chatIds = db.prepare("SELECT id FROM temp.touched_chat ORDER BY id").all().map((row) =>
    integer(row, "id")
  );
  return {
    change: { from_id: from, into_id: into, ...names, merge_id: merge, reason: plan.reason, ...counts },
    chatIds,
  };
}

/** What the two are called now. */
export function namesOf(
  db: Connection,
  { from, into }: { readonly from: number; readonly into: number },
): Pick<MergeChange, "from_name" | "into_name"> {
  const select = db.prepare("SELECT name FROM main.contacts WHERE id = :id");
  const name = (id: number) => text(select.get({ id }) ?? {}, "name");
  return { from_name: name(from), into_name: name(into) };
}

/** Whether what `from` is called comes from the cards that make the two one: an undo leaves it to `into`. */
function hasCardName(db: Connection, { fromId: from, intoId: into, evidence }: PlannedMerge): boolean {
  const cards = JSON.stringify(evidence.cards);
  return db.prepare(SQL.hasCardName).get({ from, into, cards }) !== undefined;
}

/** Notes in `temp.touched_chat` where a contact is, is the other side, wrote, reacted, or something happened to or by it. */
export function touchChats(db: Connection, contact: number): void {
  db.prepare(SQL.touchChats).run({ contact });
}

/** 1:1 chats follow the contact's name. */
export function setChatNames(db: Connection, contact: number): void {
  db.prepare(SQL.setChatNames).run({ contact });
}

/** Gives how many rows there were, those counted that had to be dropped as their like was there. */
function repoint(
  reference: ContactReference,
  ids: { readonly merge: number; readonly from: number; readonly into: number },
  run: (sql: string, params?: SqlParams) => number,
): number {
  const { merge, from, into } = ids;
  const where = { merge, table: reference.table, column: reference.column, from };
  if (reference.kind === "remembered") run(reference.remember, where);
  const moved = run(reference.repoint, { from, into });
  // Who is in a chat follows from chat_members, so there is nothing to remember of the pairs.
  const dropped = reference.kind === "members"
    ? run(reference.drop, { from })
    : run(reference.rememberDropped, where);
  if (reference.kind !== "members" && dropped > 0) {
    run(SQL.forgetKeysOfDropped, { merge, table: reference.table, column: reference.column });
    run(reference.drop, { from });
  }
  return moved + dropped;
}

/** Settles anew which tapbacks stand, wherever `contact` reacted, for each of `senders`. */
export function settleTapbacks(db: Connection, contact: number, senders: readonly number[]): void {
  const run = (sql: string, params: SqlParams = {}) => db.prepare(sql).run(params).changes;
  run("DELETE FROM temp.touched_tapback");
  run("DELETE FROM temp.settled");
  run(SQL.touchTapbacks, { contact, senders: JSON.stringify(senders) });
  settleTouchedTapbacks(run);
}
