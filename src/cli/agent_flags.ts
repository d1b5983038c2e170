/** Which flags the launchd agent's `run` gets: what the person gave at `agent install`, by flag or by variable. Pure. */
import type { Config } from "../config.ts";
import { UsageError } from "../model/errors.ts";

/** What was given, by the flag's name. */
export interface Given {
  readonly flag: (name: string) => boolean;
  /** By flag or by its variable, which launchd would not have. */
  readonly anyhow: (name: string) => boolean;
}

const VALUES: readonly (readonly [name: string, value: (config: Config) => string])[] = [
  ["--messages-db", (config) => config.messagesDb],
  ["--addressbook-dir", (config) => config.addressbookDir],
  ["--database", (config) => config.database],
  ["--port", (config) => String(config.port)],
  ["--contacts-interval", (config) => String(config.contactsIntervalSeconds)],
  ["--sync-cooldown", (config) => String(config.syncCooldownSeconds)],
  ["--conversation-gap", (config) => String(config.conversationGapMinutes)],
  ["--region", (config) => config.region ?? ""],
  ["--log-level", (config) => config.logLevel],
  ["--log-format", (config) => config.logFormat],
];

/**
 * The words after `run --wait`; paths are absolute, as launchd starts elsewhere. Throws UsageError for what an agent
 * can't have: a token would stand in a file and in the process list, and a sidecar ends when its parent does.
 */
export function agentFlags(config: Config, given: Given): string[] {
  if (given.flag("--token")) {
    throw new UsageError(
      "agent install takes no --token, as it would stand in a file that every program can read; " +
        "each start makes a new one, which instance.json beside the database tells its readers",
    );
  }
  if (config.sidecar) {
    throw new UsageError("agent install takes no --sidecar, as launchd is no parent to talk to");
  }
  return [
    ...VALUES.flatMap(([name, value]) => given.anyhow(name) ? [name, value(config)] : []),
    ...config.allowOrigins.flatMap((origin) => ["--allow-origin", origin]),
    ...config.fileEvents ? [] : ["--no-file-events"],
  ];
}
