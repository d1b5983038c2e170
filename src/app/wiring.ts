/** What every way of starting shares: ports, options, our database opened, triggers. */
import type { Config } from "../config.ts";
import type { SyncState, Transient, TransientData } from "../model/events.ts";
import { type Clock, systemClock } from "../platform/clock.ts";
import { FULL_DISK_ACCESS } from "../platform/full_disk_access.ts";
import { type Log, silentLog } from "../platform/log.ts";
import type { Connection } from "../sqlite/sqlite.ts";
import { openPatiently } from "../store/open_patiently.ts";
import type { EngineOptions } from "../sync/engine.ts";
import { type WalChanges, walChanges } from "./wal_changes.ts";
import { Trigger } from "../watch/trigger.ts";

/** What a terminal may want to show as it happens; no private content. */
export type Happening =
  | { readonly kind: "state"; readonly state: SyncState; readonly reason: string; readonly hint: string }
  | {
    readonly kind: "import";
    readonly done: number;
    readonly total: number;
    /** It is stored that all of it is there. */
    readonly completed: boolean;
  }
  /** What `sync` turns to next. */
  | { readonly kind: "step"; readonly step: "messages" | "contacts" | "conversations" }
  | { readonly kind: "sync"; readonly summary: TransientData["sync.completed"] };

export interface AppPorts {
  readonly clock?: Clock;
  readonly log?: Log;
  readonly observe?: (happening: Happening) => void;
  /** With `--sidecar`: JSON Lines in and out. */
  readonly stdio?: {
    readonly readable: ReadableStream<Uint8Array>;
    readonly writable: WritableStream<Uint8Array>;
  };
  /** Who needs which permission when a source may not be read, and how it is given. */
  readonly permissionHint?: string;
  /** Called at named steps of a pass, so that tests can cut the power there. */
  readonly probe?: (label: string) => void;
  /** Sizes that tests make small. */
  readonly limits?: {
    readonly deferIndexesAbove?: number;
    readonly bulkAbove?: number;
    readonly busyLimitMs?: number;
  };
}

/** Waits for a lock as long as a pass would before it says that it failed. */
export function openOurs(config: Config, ports: AppPorts): Promise<Connection> {
  return openPatiently(config.database, {
    randomUuid: () => crypto.randomUUID(),
    clock: ports.clock ?? systemClock,
    log: ports.log ?? silentLog,
    busyLimitMs: ports.limits?.busyLimitMs ?? 5_000,
    ...ports.probe === undefined ? {} : { probe: ports.probe },
  });
}

export function engineOptions(
  config: Config,
  ports: AppPorts,
  changes: WalChanges = walChanges(config.messagesDb),
): EngineOptions {
  return {
    database: config.database,
    messagesDb: config.messagesDb,
    home: config.home,
    region: config.region,
    addressbookDir: config.addressbookDir,
    contactsIntervalMs: config.contactsIntervalSeconds * 1_000,
    syncCooldownMs: config.syncCooldownSeconds * 1_000,
    changes,
    conversationGapMs: config.conversationGapMinutes * 60_000,
    permissionHint: ports.permissionHint ?? FULL_DISK_ACCESS,
    ...ports.limits,
  };
}

export interface Triggers {
  readonly messages: Trigger;
  readonly contacts: Trigger;
}

export function happeningOf(told: Transient): Happening {
  switch (told.event) {
    case "state.changed":
      return { kind: "state", ...told.data };
    case "import.progress":
    case "import.completed":
      return { kind: "import", ...told.data, completed: told.event === "import.completed" };
    case "sync.completed":
      return { kind: "sync", summary: told.data };
  }
}

export function newTriggers(): Triggers {
  return { messages: new Trigger(), contacts: new Trigger() };
}
