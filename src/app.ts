/** Composition root. */
import type { Config } from "./config.ts";
import { NotBuiltYetError } from "./model/errors.ts";
import type { ReadyMessage, SyncState, SyncSummary, TransientData } from "./model/events.ts";
import type { StatusReport } from "./model/status.ts";
import type { Clock } from "./platform/clock.ts";
import type { Log } from "./platform/log.ts";

/** What a terminal may want to show as it happens; no private content. */
export type Happening =
  | { readonly kind: "state"; readonly state: SyncState; readonly reason: string; readonly hint: string }
  | { readonly kind: "import"; readonly done: number; readonly total: number }
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
  /** Called at named steps of a pass, so that tests can cut the power there. */
  readonly probe?: (label: string) => void;
}

export interface App extends AsyncDisposable {
  readonly ready: ReadyMessage;
  /** Resolves when the program should end: the parent is gone or asked for it, or a failure that it can't survive. */
  readonly finished: Promise<{ readonly fatal: unknown } | { readonly fatal: null }>;
  status(): StatusReport;
  syncNow(reason: string): Promise<SyncSummary>;
  stop(): Promise<void>;
}

/** Opens the database, answers HTTP, then imports and watches in the background. */
export function start(_config: Config, _ports: AppPorts = {}): Promise<App> {
  return Promise.reject(new NotBuiltYetError("start"));
}

/** Without a server: one complete catch-up on `config.database`, then everything is closed again. */
export function syncOnce(_config: Config, _ports: AppPorts = {}): Promise<SyncSummary> {
  return Promise.reject(new NotBuiltYetError("sync"));
}

/** Without a running instance: what is in the database file. Throws when there is none. */
export function readStatus(_config: Config): StatusReport {
  throw new NotBuiltYetError("status");
}
