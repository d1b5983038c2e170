/**
 * Takes a merge back. Every row goes where the identifier says that it came from, what came since included; rows of
 * tables that keep no identifier go where the merge noted. Runs inside a transaction of the caller.
 */
import { recordOf } from "../../model/json.ts";
import { LiveSyncError } from "../../model/errors.ts";
import { integer, integerOrNull, text } from "../../sqlite/row.ts";
import type { Connection, SqlParams } from "../../sqlite/sqlite.ts";
import { namesOf, type Repointed, setChatNames, settleTapbacks, touchChats } from "./merge.ts";
import type { ContactReference } from "./references.ts";
import { statementsOf } from "../../sqlite/statements.ts";
import undoSql from "./sql/undo.sql" with { type: "text" };

const SQL = statementsOf(undoSql, [
  "merge",
  "markUndone",
  "splitOff",
  "findSplitIdentifiers",
  "moveIdentifiers",
  "giveUserNameBack",
  "forgetCardName",
  "participantsFollow",
  "forgetParticipants",
]);

/** `user`: a standing veto against merging the two again; `cards`: the cards no longer say that they are one. */
export type UndoneBy = "user" | "cards";

/** Throws LiveSyncError `not_found`, `already_undone`; SqliteError. */
export function undoMerge(
  db: Connection,
  references: readonly ContactReference[],
  mergeId: number,
  by: UndoneBy,
  reason: string,
  nowMs: number,
): Repointed {
  const row = db.prepare(SQL.merge).get({ merge: mergeId });
  if (row === undefined) {
    throw new LiveSyncError(
      "not_found",
      `Merge ${mergeId} not found`,
      "GET /api/v1/contacts/merges lists them.",
    );
  }
  const from = integer(row, "from_id");
  const into = integerOrNull(row, "root");
  if (integerOrNull(row, "undone_at") !== null || into === null) {
    throw new LiveSyncError("already_undone", `Merge ${mergeId} is already undone`);
  }
  const run = (sql: string, params: SqlParams = {}) => db.prepare(sql).run(params).changes;
  run(SQL.markUndone, { merge: mergeId, now: nowMs, by });
  run("DELETE FROM temp.split_identifier");
  run(SQL.findSplitIdentifiers, { from });
  run(SQL.moveIdentifiers, { from });
  run(SQL.splitOff, { from, now: nowMs });

  const counts = { messages: 0, reactions: 0, participants: 0 };
  for (const reference of references) {
    const moved = part(reference, { merge: mergeId, from, into }, run);
    if (reference.table === "messages") counts.messages += moved;
    if (reference.table === "reactions") counts.reactions += moved;
  }
  const pairs = db.prepare("SELECT count(*) AS n FROM main.chat_participants WHERE contact_id = :from");
  counts.participants = integer(pairs.get({ from }) ?? {}, "n");
  run("DELETE FROM main.contact_merge_rows WHERE merge_id = :merge", { merge: mergeId });
  settleTapbacks(db, from, [from, into]);
  names(db, text(row, "evidence"), { from, into, by, nowMs });
  run("DELETE FROM temp.touched_chat");
  touchChats(db, from);
  const chatIds = db.prepare("SELECT id FROM temp.touched_chat ORDER BY id").all().map((chat) =>
    integer(chat, "id")
  );
  const change = {
    from_id: from,
    into_id: into,
    ...namesOf(db, { from, into }),
    merge_id: mergeId,
    reason,
    ...counts,
  };
  return { change, chatIds };
}

function part(
  reference: ContactReference,
  ids: { readonly merge: number; readonly from: number; readonly into: number },
  run: (sql: string, params?: SqlParams) => number,
): number {
  const { merge, from, into } = ids;
  if (reference.kind === "members") {
    run(SQL.forgetParticipants, { from, into });
    return run(SQL.participantsFollow, { from, into });
  }
  const where = { merge, table: reference.table, column: reference.column };
  const moved = reference.kind === "identifier"
    ? run(reference.split, { from, into })
    : run(reference.restore, { ...where, from, into });
  return moved + run(reference.restoreDropped, where);
}

function names(
  db: Connection,
  evidence: string,
  about: { readonly from: number; readonly into: number; readonly by: UndoneBy; readonly nowMs: number },
): void {
  const { from, into, nowMs: now } = about;
  const run = (sql: string, params: SqlParams) => db.prepare(sql).run(params);
  const before = intoBefore(evidence);
  if (before.userName === null) {
    run(SQL.giveUserNameBack, { from, into, name: before.name, source: before.source, now });
  }
  if (about.by === "user") {
    run(SQL.forgetCardName, { from, into, now, had_card_name: before.fromHadCardName ? 1 : 0 });
  }
  for (const contact of [from, into]) setChatNames(db, contact);
}

interface Before {
  readonly name: string;
  readonly source: string;
  readonly userName: string | null;
  readonly fromHadCardName: boolean;
}

/** What merge.ts wrote into the evidence: above all of the contact that the other one was merged into. */
function intoBefore(evidence: string): Before {
  const value: unknown = JSON.parse(evidence);
  const record = recordOf(value);
  const word = (key: string) => typeof record[key] === "string" ? record[key] : null;
  return {
    name: word("into_name") ?? "",
    source: word("into_name_source") ?? "identifier",
    userName: word("into_user_name"),
    fromHadCardName: record["from_has_card_name"] === true,
  };
}
