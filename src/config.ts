/** Flags over environment over defaults: one frozen Config. */
import type { LogLevel } from "./platform/log.ts";

export interface Config {
  readonly messagesDb: string;
  readonly addressbookDir: string;
  readonly database: string;
  /** 0: the system picks one. */
  readonly port: number;
  readonly token: string;
  readonly allowOrigins: readonly string[];
  readonly contactsIntervalSeconds: number;
  readonly syncCooldownSeconds: number;
  /** ISO 3166 two-letter, upper case; null: taken from the handles. */
  readonly region: string | null;
  readonly sidecar: boolean;
  readonly logLevel: LogLevel;
  readonly logFormat: "text" | "json";
  /** False: no file watcher, the poll alone (how a Mac behaves, where FSEvents is silent about an open WAL). */
  readonly fileEvents: boolean;
  /** Wait for another instance to end instead of refusing (`run --wait`). */
  readonly wait: boolean;
}
