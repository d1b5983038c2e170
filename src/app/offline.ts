/** What is done once, without a server: by commands, when no instance runs on the database. */
import type { Config } from "../config.ts";
import { LiveSyncError } from "../model/errors.ts";
import type { SyncSummary } from "../model/events.ts";
import type { StatusReport } from "../model/status.ts";
import { type Clock, systemClock } from "../platform/clock.ts";
import { FULL_DISK_ACCESS } from "../platform/full_disk_access.ts";
import { silentLog } from "../platform/log.ts";
import type { Connection } from "../sqlite/sqlite.ts";
import { obstacleError } from "../source/failure.ts";
import { inspectSource } from "../source/source_files.ts";
import { openForReading } from "../store/database.ts";
import { explainStoreFailure } from "../store/open_failure.ts";
import { Outbox } from "../store/outbox.ts";
import { contactItem, listContacts, listMerges, mergeItem } from "../store/queries/contacts.ts";
import type { ContactsAsk, ListAsk, Page } from "../model/page.ts";
import { readDatabaseFacts } from "../store/queries/status.ts";
import { addressBookState, type StoreState } from "../sync/contacts/store_reader.ts";
import { Engine } from "../sync/engine.ts";
import { stateOfFailure } from "../sync/failure.ts";
import { statusReport } from "../sync/status_report.ts";
import { withContacts } from "../sync/loops/sync_summary.ts";
import {
  type AppPorts,
  engineOptions,
  type Happening,
  happeningOf,
  newTriggers,
  openOurs,
} from "./wiring.ts";

export interface SyncedOnce {
  readonly summary: SyncSummary;
  /** Stores of the AddressBook, or its folder, that could not be read. */
  readonly unread: readonly StoreState[];
}

/**
 * One complete catch-up on `config.database`. Throws why the messages can't be read, or our database not be opened, and
 * LiveSyncError `stopped` when `signal` aborts first: the batch in hand is finished, and the next one goes on from there.
 */
export function syncOnce(config: Config, ports: AppPorts = {}, signal?: AbortSignal): Promise<SyncedOnce> {
  return withEngine(config, ports, async (engine) => {
    const stop = new AbortController();
    const observe = ports.observe ?? (() => {});
    try {
      return await Promise.race([caughtUp(engine, observe, stop.signal), ...signal ? [stopped(signal)] : []]);
    } finally {
      stop.abort();
    }
  });
}

async function caughtUp(
  engine: Engine,
  observe: (happening: Happening) => void,
  signal: AbortSignal,
): Promise<SyncedOnce> {
  observe({ kind: "step", step: "messages" });
  const summary = engine.catchUp.syncNow("sync");
  const running = engine.catchUp.run(signal);
  // A failure that run() did not foresee must not leave the summary waiting for ever.
  const messages = await Promise.race([summary, running.then(() => summary)]);
  observe({ kind: "step", step: "contacts" });
  const contacts = await engine.contacts.syncNow("sync");
  observe({ kind: "step", step: "conversations" });
  await engine.conversations.complete();
  return {
    summary: withContacts(messages, contacts),
    unread: contacts.stores.filter((store) => store.state !== "ok"),
  };
}

function stopped(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const refuse = () =>
      reject(
        new LiveSyncError(
          "stopped",
          "Stopped before the sync was complete",
          "What is done is kept; the next sync continues from there.",
        ),
      );
    if (signal.aborted) refuse();
    else signal.addEventListener("abort", refuse, { once: true });
  });
}

/** Takes a merge back; gives the merge as the API lists it. Throws LiveSyncError `not_found`, `already_undone`. */
export function undoMergeOnce(config: Config, ports: AppPorts, mergeId: number): Promise<string> {
  refuseNoDatabase(config);
  return withEngine(config, ports, async (engine) => {
    await engine.contacts.undo(mergeId);
    return engine.query((db) => mergeItem(db, mergeId));
  });
}

/** The person's own name for a contact; gives the contact as the API lists it. Throws LiveSyncError `not_found`. */
export function renameOnce(
  config: Config,
  ports: AppPorts,
  contactId: number,
  name: string,
): Promise<string> {
  refuseNoDatabase(config);
  return withEngine(config, ports, async (engine) => {
    const renamed = await engine.contacts.rename(contactId, name);
    return engine.query((db) => contactItem(db, renamed));
  });
}

/** A page of people, as the API lists them. Throws LiveSyncError `no_database` when there is none. */
export function readContacts(config: Config, ask: ContactsAsk): Page {
  return reading(config, (db) => listContacts(db, ask));
}

/** A page of merges, the newest first. Throws LiveSyncError `no_database` when there is none. */
export function readContactMerges(
  config: Config,
  ask: ListAsk,
): Page {
  return reading(config, (db) => listMerges(db, ask));
}

async function withEngine<T>(
  config: Config,
  ports: AppPorts,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  const observe = ports.observe ?? (() => {});
  const engine = new Engine(await openOurs(config, ports), engineOptions(config, ports), {
    triggers: newTriggers(),
    sink: {
      committed: () => {},
      resync: () => {},
      clientsLeft: () => false,
      tell: (told) => observe(happeningOf(told)),
    },
    clock: ports.clock ?? systemClock,
    log: ports.log ?? silentLog,
    probe: ports.probe,
  });
  try {
    return await work(engine);
  } finally {
    await engine.stopWork();
    engine.close();
  }
}

/** What is in the database file. Throws LiveSyncError `no_database` when there is none. */
export function readStatus(
  config: Config,
  permissionHint: string = FULL_DISK_ACCESS,
  clock: Clock = systemClock,
): StatusReport {
  return reading(config, (db) => statusOfFile(db, config, permissionHint, clock));
}

function statusOfFile(
  db: Connection,
  config: Config,
  permissionHint: string,
  clock: Clock,
): StatusReport {
  const facts = readDatabaseFacts(db, clock.now());
  const source = inspectSource(config.messagesDb);
  const obstacle = source.kind === "present"
    ? null
    : obstacleError(source, config.messagesDb, permissionHint);
  // Of the sources alone: whether somebody works on the database is for the lock to say.
  const state = obstacle === null ? "starting" : stateOfFailure(obstacle);
  return statusReport({
    paths: config,
    facts,
    feed: new Outbox(db),
    state,
    hint: obstacle?.hint ?? "",
    sourceIsWell: obstacle === null,
    lastDurationMs: null,
    latency: { p50: null, p99: null },
    clients: 0,
    rssBytes: Deno.memoryUsage().rss,
    stores: addressBookState(config.addressbookDir, permissionHint),
    contactsAtMs: null,
  });
}

/** Whether the messages are still to be imported: there is no database, or one whose import is not complete. */
export function needsImport(config: Config): boolean {
  if (inspectSource(config.database).kind !== "present") return true;
  try {
    return !reading(config, (db) => readDatabaseFacts(db, 0)).imported;
  } catch (error) {
    // Opening it for the work itself says what is wrong with it.
    if (error instanceof LiveSyncError) return error.code === "no_database";
    throw error;
  }
}

function reading<T>(config: Config, read: (db: Connection) => T): T {
  refuseNoDatabase(config);
  try {
    using db = openForReading(config.database);
    return read(db);
  } catch (error) {
    throw explainStoreFailure(error, config.database, "read");
  }
}

function refuseNoDatabase(config: Config): void {
  if (inspectSource(config.database).kind === "present") return;
  throw new LiveSyncError(
    "no_database",
    `No ChatStats database at ${config.database} yet`,
    "Start the program once, or name the file with --database.",
  );
}
