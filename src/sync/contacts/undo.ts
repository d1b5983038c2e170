/**
 * Takes a merge back. Every row goes where the identifier says that it came from, what came since included; rows of
 * tables that keep no identifier go where the merge noted. Runs inside a transaction of the caller.
 */
import { LiveSyncError } from "../../model/errors.ts";
import { integer, integerOrNull, text } from "../../sqlite/row.ts";
import type { Connection, SqlParams } from "../../sqlite/sqlite.ts";
import { MERGE_SQL } from "./merge_statements.ts";
import { type Repointed, settleTapbacks } from "./merge.ts";
import type { ContactReference } from "./references.ts";

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
  const row = db.prepare(MERGE_SQL.get).get({ merge: mergeId });
  if (row === undefined) {
    throw new LiveSyncError(
      "not_found",
      `Cannot find a merge ${mergeId}`,
      "GET /api/v1/contacts/merges lists them.",
    );
  }
  const from = integer(row, "from_id");
  const into = integerOrNull(row, "root");
  if (integerOrNull(row, "undone_at") !== null || into === null) {
    throw new LiveSyncError("already_undone", `Cannot undo merge ${mergeId} as it was undone before`);
  }
  const run = (sql: string, params: SqlParams = {}) => db.prepare(sql).run(params).changes;
  run(MERGE_SQL.undone, { merge: mergeId, now: nowMs, by });
  run("DELETE FROM temp.split_identifier");
  run(MERGE_SQL.splitIdentifiers, { from });
  run(MERGE_SQL.identifiersSplit, { from });
  run(MERGE_SQL.splitOff, { from, now: nowMs });

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
  names(text(row, "evidence"), { from, into, by, nowMs }, run);
  run("DELETE FROM temp.touched_chat");
  run(MERGE_SQL.touchChats, { contact: from });
  const chatIds = db.prepare("SELECT id FROM temp.touched_chat ORDER BY id").all().map((chat) =>
    integer(chat, "id")
  );
  return { change: { from_id: from, into_id: into, merge_id: mergeId, reason, ...counts }, chatIds };
}

function part(
  reference: ContactReference,
  ids: { readonly merge: number; readonly from: number; readonly into: number },
  run: (sql: string, params?: SqlParams) => number,
): number {
  const { merge, from, into } = ids;
  if (reference.kind === "members") {
    run(MERGE_SQL.participantsForget, { from, into });
    return run(MERGE_SQL.participantsFollow, { from, into });
  }
  const where = { merge, table: reference.table, column: reference.column };
  const moved = reference.kind === "identifier"
    ? run(reference.split, { from, into })
    : run(reference.restore, { ...where, from, into });
  return moved + run(reference.restoreDropped, where);
}

function names(
  evidence: string,
  about: { readonly from: number; readonly into: number; readonly by: UndoneBy; readonly nowMs: number },
  run: (sql: string, params?: SqlParams) => number,
): void {
  const { from, into, nowMs: now } = about;
  const before = intoBefore(evidence);
  if (before.userName === null) {
    run(MERGE_SQL.giveUserNameBack, { from, into, name: before.name, source: before.source, now });
  }
  if (about.by === "user") {
    run(MERGE_SQL.forgetCardName, { from, into, now, had_card_name: before.fromHadCardName ? 1 : 0 });
  }
  for (const contact of [from, into]) run(MERGE_SQL.chatNames, { contact });
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
  const record: Record<string, unknown> = typeof value === "object" && value !== null ? { ...value } : {};
  const word = (key: string) => typeof record[key] === "string" ? record[key] : null;
  return {
    name: word("into_name") ?? "",
    source: word("into_name_source") ?? "identifier",
    userName: word("into_user_name"),
    fromHadCardName: record["from_has_card_name"] === true,
  };
}
