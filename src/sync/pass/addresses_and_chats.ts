/** The part of a pass that brings in handles, the contacts made of them, chats, and who is in them. */
import { STATE_KEYS } from "../../store/state.ts";
import { statementsOf } from "../../sqlite/statements.ts";
import { MOST_ROWID } from "./changed_rows.ts";
import { deleteOtherChats } from "./deletions.ts";
import type { PassContext, PassScope } from "./pass_plan.ts";
import addressesAndChatsSql from "./sql/addresses_and_chats.sql" with { type: "text" };
import { highest, runOn } from "./work_tables.ts";

const SQL = statementsOf(addressesAndChatsSql, [
  "addressHandles",
  "addressChangedHandles",
  "addressChats",
  "addContacts",
  "addIdentifiers",
  "findRepointedHandles",
  "putFollowUpsOfHandles",
  "putSourceHandles",
  "touchChats",
  "touchChangedChats",
  "touchRepointedChats",
  "putChats",
  "putSourceChats",
  "addMembers",
  "removeMembers",
  "addParticipants",
  "removeParticipants",
  "addSourceMembers",
  "removeSourceMembers",
]);

export interface AddressFacts {
  /** Rows of ours were deleted by this pass. */
  readonly deleted: boolean;
  readonly region: string | null;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

export interface AddressesAndChats {
  /** How many contacts were made. */
  readonly contacts: number;
  /** Chats were examined. */
  readonly chats: boolean;
  /** Handles name somebody else now, or chats are others. */
  readonly moved: boolean;
}

/** Throws SqliteError. */
export function bringInAddressesAndChats(
  context: PassContext,
  scope: PassScope,
  { deleted, region, nowMs }: AddressFacts,
): AddressesAndChats {
  const { db, state } = context;
  const { changed } = scope;
  const run = runOn(db);
  const until = state.getInteger(STATE_KEYS.handleRowid);
  let chats = run(SQL.touchChats, {
    after: state.getInteger(STATE_KEYS.chatRowid),
    // Where the WAL tells of chats that changed, a message in one is no reason to examine it.
    known: scope.indexed && (changed === null || scope.thorough) ? 1 : 0,
  });
  if (changed !== null) chats += run(SQL.touchChangedChats, { most: MOST_ROWID });
  let addresses = run(SQL.addressHandles, { after: until, region });
  const handlesChanged = changed === null ? 0 : run(SQL.addressChangedHandles, { until, region });
  addresses += handlesChanged;
  // What is deleted may have touched chats before.
  let moved = (chats > 0 || deleted) && deleteOtherChats(run, nowMs);
  if (chats > 0 || deleted) addresses += run(SQL.addressChats, { region });
  let contacts = 0;
  if (addresses > 0) {
    const lastContact = highest(db, "SELECT max(id) AS top FROM main.contacts") ?? 0;
    contacts = run(SQL.addContacts, { now: nowMs });
    run(SQL.addIdentifiers, { last_contact: lastContact });
    const repointed = handlesChanged > 0 && run(SQL.findRepointedHandles, { until }) > 0;
    if (repointed) {
      chats += run(SQL.touchRepointedChats);
      deleteOtherChats(run, nowMs);
      run(SQL.putFollowUpsOfHandles);
      moved = true;
    }
    run(SQL.putSourceHandles);
    const handle = highest(db, "SELECT max(handle_rowid) AS top FROM temp.address");
    if (handle !== null && handle > until) state.set(STATE_KEYS.handleRowid, handle);
  }
  if (chats === 0 && !deleted) return { contacts, chats: false, moved };
  return { contacts, chats: bringInChats(context, region), moved };
}

/** Gives whether there were any in the work tables. */
function bringInChats({ db, state }: PassContext, region: string | null): boolean {
  const last = highest(db, "SELECT max(source_rowid) AS top FROM temp.candidate_chat");
  if (last === null) return false;
  const run = runOn(db);
  run(SQL.putChats, { region });
  run(SQL.putSourceChats);
  run(SQL.addMembers);
  run(SQL.removeMembers);
  run(SQL.addParticipants);
  run(SQL.removeParticipants);
  run(SQL.addSourceMembers);
  run(SQL.removeSourceMembers);
  if (last > state.getInteger(STATE_KEYS.chatRowid)) state.set(STATE_KEYS.chatRowid, last);
  return true;
}
