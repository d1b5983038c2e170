/**
 * Whose file it is: the one that the watermarks belong to, or one that was put into its place.
 *
 *   same ── another inode or birth time, another GUID at the watermark, a watermark that it has not reached ──▶ replaced
 *   replaced ── take() ──▶ forgetting ── forgetSlice() until nothing is left ──▶ read again from the first row ──▶ same
 *
 * What stands in `live_sync_state` says where it is, so a start after a kill goes on there.
 */
import { recordOf } from "../../model/json.ts";
import { text } from "../../sqlite/row.ts";
import { type FileIdentity, sameFile } from "../../source/source_files.ts";
import { STATE_KEYS } from "../../store/state.ts";
import type { PassContext } from "./pass_plan.ts";
import { statementsOf } from "../../sqlite/statements.ts";
import { dropDeletedWaiting } from "./selection.ts";
import sourceIdentitySql from "./sql/source_identity.sql" with { type: "text" };
import { runOn } from "./work_tables.ts";

const SQL = statementsOf(sourceIdentitySql, [
  "forgetSource",
  "forgetImport",
  "forgetMessages",
  "forgetAttachments",
  "forgetChatEvents",
  "forgetReactions",
  "forgetRemovals",
]);

export type Relation = "first" | "same" | "replaced";

const FORGET_ROWS = [
  SQL.forgetMessages,
  SQL.forgetAttachments,
  SQL.forgetChatEvents,
  SQL.forgetReactions,
  SQL.forgetRemovals,
] as const;
const FORGET_SLICE_ROWS = 5_000;
const WATERMARKS = [
  STATE_KEYS.messageRowid,
  STATE_KEYS.attachmentRowid,
  STATE_KEYS.handleRowid,
  STATE_KEYS.chatRowid,
] as const;

export class SourceIdentity {
  readonly #context: PassContext;

  constructor(context: PassContext) {
    this.#context = context;
  }

  /** What the attached file, of this identity, is to our rows. Throws SqliteError. */
  relation(identity: FileIdentity): Relation {
    const { state, source } = this.#context;
    const known = state.get(STATE_KEYS.sourceIdentity);
    if (known === null) return "first";
    const guid = state.get(STATE_KEYS.messageGuid);
    const there = source.guidAt(state.getInteger(STATE_KEYS.messageRowid));
    if (guid !== null && there !== null) return guid === there ? "same" : "replaced";
    // AUTOINCREMENT never goes back: a file that has not come as far is an older one, put into the same inode.
    const last = source.lastRowid();
    if (last !== null && last < state.getInteger(STATE_KEYS.messageRowid)) return "replaced";
    return sameFile(parseIdentity(known), identity) ? "same" : "replaced";
  }

  /**
   * Whether another content stands in the attached file by now: a restore through SQLite and `cp` move neither inode nor
   * birth time. Inside a transaction it speaks of the content that the transaction reads. Throws SqliteError.
   */
  isReplaced(): boolean {
    const { identity } = this.#context.source;
    return identity !== null && this.relation(identity) === "replaced";
  }

  /** Makes it the file that the watermarks belong to. Throws SqliteError. */
  take(identity: FileIdentity, relation: Relation): void {
    const { db, probe, state } = this.#context;
    const json = JSON.stringify(identity);
    if (relation !== "replaced") {
      db.transaction(() => {
        state.set(STATE_KEYS.sourceIdentity, json);
        dropDeletedWaiting(runOn(db), -1);
      });
      return;
    }
    db.transaction(() => {
      db.exec(SQL.forgetSource);
      for (const watermark of WATERMARKS) state.set(watermark, 0);
      state.set(STATE_KEYS.messageGuid, null);
      state.set(STATE_KEYS.walPlace, null);
      const phase = state.get(STATE_KEYS.importPhase);
      // In the first part of the import rows have no index to be found by: it begins anew.
      if (phase === "rows") this.#forgetImport();
      else if (phase !== null) state.set(STATE_KEYS.forgetting, "1");
      if (phase === "rows" || phase === "rest") state.set(STATE_KEYS.importDone, 0);
      // What was compared means nothing any more.
      state.set(STATE_KEYS.reconcileWalk, null);
      state.set(STATE_KEYS.rewalk, "1");
      state.set(STATE_KEYS.sourceIdentity, json);
      probe("replaced.before_commit");
    });
    probe("replaced.after_commit");
  }

  /** Without the trigger that counts each deletion: it would look through all messages for each, as it has no index. */
  #forgetImport(): void {
    const { db } = this.#context;
    const counting = db.prepare("SELECT sql FROM main.sqlite_schema WHERE name = 'messages_delete_counts'")
      .get();
    if (counting !== undefined) db.exec("DROP TRIGGER main.messages_delete_counts");
    db.exec(SQL.forgetImport);
    if (counting !== undefined) db.exec(text(counting, "sql"));
  }

  /** Rows of ours may name rows of the file that was replaced. */
  get forgetting(): boolean {
    return this.#context.state.get(STATE_KEYS.forgetting) !== null;
  }

  /** Rows that the new file has are found by GUID and named anew; what stays without is not in it. Throws SqliteError. */
  forgetSlice(): void {
    const { db, probe, state } = this.#context;
    db.transaction(() => {
      const forgotten = FORGET_ROWS.map((sql) => db.prepare(sql).run({ rows: FORGET_SLICE_ROWS }).changes);
      if (forgotten.every((rows) => rows < FORGET_SLICE_ROWS)) state.set(STATE_KEYS.forgetting, null);
      probe("replaced.forget.before_commit");
    });
  }
}

function parseIdentity(json: string): FileIdentity {
  const value: unknown = JSON.parse(json);
  const record = recordOf(value);
  const number = (key: string) => typeof record[key] === "number" ? record[key] : 0;
  return {
    device: number("device"),
    inode: number("inode"),
    birthMs: typeof record["birthMs"] === "number" ? record["birthMs"] : null,
  };
}
