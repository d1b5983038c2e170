/** What the API reads and changes, as ports of the HTTP server: `notify` and `store` do not know each other. */
import { LiveSyncError } from "../model/errors.ts";
import type { HttpPorts } from "../notify/http.ts";
import { type Clock, yieldToEventLoop } from "../platform/clock.ts";
import { type Pauses, readActivity } from "../store/queries/activity.ts";
import { listChats, listMessages } from "../store/queries/chats.ts";
import { contactItem, listContacts, listMerges, mergeItem } from "../store/queries/contacts.ts";
import type { Engine } from "../sync/engine.ts";

export interface ReadingOptions {
  readonly clock: Clock;
  /** Aborted when the program stops: what takes long ends at its next pause. */
  readonly signal: AbortSignal;
}

/** All on the engine's own connection: each statement is short, and nothing is read of a transaction that is open. */
export function apiReads(
  engine: Engine,
  { clock, signal }: ReadingOptions,
): Pick<HttpPorts, "chats" | "contacts" | "activity"> {
  return {
    chats: {
      list: (ask) => engine.query((db) => listChats(db, ask)),
      messages: (chat, ask) => engine.query((db) => listMessages(db, chat, ask)),
    },
    contacts: {
      list: (ask) => engine.query((db) => listContacts(db, ask)),
      merges: (ask) => engine.query((db) => listMerges(db, ask)),
      undo: async (mergeId) => {
        await engine.contacts.undo(mergeId);
        return engine.query((db) => mergeItem(db, mergeId));
      },
      rename: async (contactId, name) => {
        const renamed = await engine.contacts.rename(contactId, name);
        return engine.query((db) => contactItem(db, renamed));
      },
    },
    activity: (ask) => engine.query((db) => readActivity(db, ask, clock.now(), pausesOf(clock, signal))),
  };
}

/** A message that comes meanwhile waits no longer than this, and one statement. */
const TURN_MS = 10;

function pausesOf(clock: Clock, signal: AbortSignal): Pauses {
  let since = clock.monotonic();
  return {
    isDue: () => clock.monotonic() - since >= TURN_MS,
    async pause() {
      await yieldToEventLoop();
      // The database is about to be closed.
      if (signal.aborted) {
        throw new LiveSyncError("stopping", "Cannot answer: the program is stopping", "Ask the next one.");
      }
      since = clock.monotonic();
    },
  };
}
