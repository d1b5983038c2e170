/**
 * The checks behind `doctor`: each thing that can stop the program, and what to do about it. Looks alone: nothing is
 * made, migrated, locked or mended, neither of ours nor of Messages'.
 */
import type { Config } from "../config.ts";
import { agentCheck } from "./agent.ts";
import { type Check, type CheckId, failedWith, passed } from "./check.ts";
import { checkContacts } from "./contacts.ts";
import { checkDatabase } from "./database.ts";
import { checkDisk, type DiskNeeds } from "./disk.ts";
import { type AskInstance, askInstance, instanceCheck } from "./instance.ts";
import { checkMessages, notLookedAt } from "./messages.ts";
import { checkPermission } from "./permission.ts";
import { isThere, sizeOf } from "./places.ts";
import { checkPort } from "./port.ts";
import { versionCheck } from "./version.ts";
import type { CommandLine } from "../platform/command_line.ts";
import type { AgentState } from "../model/agent_state.ts";
import type { InstanceInfo } from "../platform/holder.ts";
import { readInstance } from "../platform/instance.ts";
import { sqliteVersion } from "../sqlite/least_version.ts";
import { type RunCommand, runCommand } from "../platform/run_command.ts";
import { openDatabase } from "../sqlite/sqlite.ts";
import { VERSION_TEXT } from "../platform/version.ts";
import { refuseNetworkVolume } from "../platform/volume.ts";
import { SCHEMA_VERSION } from "../store/examine.ts";

export type { Check, CheckId } from "./check.ts";

/** What of the machine is asked; tests have their own. */
export interface DoctorPorts {
  /** Who needs which permission, and how it is given. */
  readonly permissionHint: string;
  /** Whether somebody named the AddressBook's folder; false: it is the usual one. */
  readonly isAddressBookNamed?: boolean;
  /** The line to paste for words of this program's. */
  readonly line: CommandLine;
  /** Null on a system without launchd. */
  readonly agentState: () => Promise<AgentState | null>;
  readonly run?: RunCommand;
  readonly ask?: AskInstance;
  /** Throws LiveSyncError `network_volume`. */
  readonly refuseVolume?: (database: string) => void;
}

export interface Diagnosis {
  readonly ok: boolean;
  /** A source may not be read: by us, or by the running instance. */
  readonly noPermission: boolean;
  readonly checks: readonly Check[];
}

/** Makes every check, also when one fails. Never throws for what it finds. */
export async function diagnose(config: Config, ports: DoctorPorts): Promise<Diagnosis> {
  const { permissionHint, agentState, run = runCommand } = ports;
  const messages = await orElse(
    "messages_database",
    () => checkMessages(config.messagesDb),
    (check) => ({ checks: [check, notLookedAt()] as const, isForbidden: false }),
  );
  const contacts = await orElse(
    "contacts",
    () => checkContacts(config.addressbookDir, ports.isAddressBookNamed ?? true),
    (check) => ({ check, forbidden: [] }),
  );
  const own = await orElse(
    "database",
    () => checkDatabase(config.database, run),
    (check) => ({ check, version: null }),
  );
  const instance = await checkInstance(config.database, ports);
  const permission = checkPermission({
    forbidden: [...messages.isForbidden ? [config.messagesDb] : [], ...contacts.forbidden],
    instance: instance.lacksPermission,
    isKnown: isThere(config.messagesDb),
  }, permissionHint);
  const [messagesDatabase, schema] = messages.checks;
  const checks = [
    await checked("version", () => versionCheck(versions(), own.version)),
    messagesDatabase,
    permission,
    schema,
    contacts.check,
    own.check,
    await checked("volume", () => volumeCheck(config.database, ports.refuseVolume ?? refuseNetworkVolume)),
    await checked("disk", () => checkDisk(config.database, needsOf(config, own.version), run)),
    await checked("port", () => checkPort(config.port, instance.info)),
    instance.check,
    await checked("agent", async () => agentCheck(await agentState(), ports.line)),
  ];
  return { ok: checks.every(({ ok }) => ok), noPermission: !permission.ok, checks };
}

interface InstanceFindings {
  readonly check: Check;
  readonly info: InstanceInfo | null;
  /** The instance that runs and may not read Messages; null: there is none such. */
  readonly lacksPermission: { readonly pid: number; readonly hint: string } | null;
}

function checkInstance(
  database: string,
  { ask = askInstance, line }: DoctorPorts,
): Promise<InstanceFindings> {
  return orElse<InstanceFindings>("instance", async () => {
    const holder = readInstance(database);
    const info = holder?.info ?? null;
    const answer = info === null ? null : await ask(info);
    const lacksPermission = info !== null && answer?.state === "needs_permission"
      ? { pid: info.pid, hint: answer.hint }
      : null;
    return { check: instanceCheck(holder, answer, { line, nowMs: Date.now() }), info, lacksPermission };
  }, (check) => ({ check, info: null, lacksPermission: null }));
}

function volumeCheck(database: string, refuse: (database: string) => void): Check {
  refuse(database);
  return passed("volume", "The database is on a local disk.");
}

function needsOf(config: Config, version: number | null): DiskNeeds {
  return {
    importBytes: isThere(config.database) ? 0 : sizeOf(config.messagesDb),
    backupBytes: version !== null && version < SCHEMA_VERSION ? sizeOf(config.database) : 0,
  };
}

function versions() {
  using db = openDatabase(":memory:");
  return { program: VERSION_TEXT, deno: Deno.version.deno, sqlite: sqliteVersion(db) };
}

/** What `work` gives; where it meets what nobody foresaw, that is what was found. */
async function orElse<T>(
  id: CheckId,
  work: () => T | Promise<T>,
  otherwise: (check: Check) => T,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    return otherwise(failedWith(id, error));
  }
}

function checked(id: CheckId, work: () => Check | Promise<Check>): Promise<Check> {
  return orElse(id, work, (check) => check);
}
