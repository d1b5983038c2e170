/** One thing that can stop the program, as `doctor` found it. */
import { errorMessage, LiveSyncError } from "../model/errors.ts";

export type CheckId =
  | "version"
  | "messages_database"
  | "permission"
  | "schema"
  | "contacts"
  | "database"
  | "volume"
  | "disk"
  | "port"
  | "instance"
  | "agent";

export interface Check {
  readonly id: CheckId;
  readonly ok: boolean;
  /** What was found, one sentence. */
  readonly message: string;
  /** What to do, for a person who is no developer; empty when all is well. */
  readonly fix: string;
  /** Nothing could be looked at, so that this is neither well nor a problem of its own. */
  readonly skipped?: true;
}

export function passed(id: CheckId, message: string): Check {
  return { id, ok: true, message, fix: "" };
}

export function failed(id: CheckId, message: string, fix: string): Check {
  return { id, ok: false, message, fix };
}

/** `ok` as far as the exit code goes: false where something else has to be mended before it can be known. */
export function skipped(id: CheckId, { ok, message, fix }: Omit<Check, "id" | "skipped">): Check {
  return { id, ok, message, fix, skipped: true };
}

/** Of a check that fails for want of the permission, which has a check of its own. */
export const SEE_PERMISSION = "See what stands at the permission.";

/** The check that met `error`. Nothing that was not foreseen may keep the other checks from being made. */
export function failedWith(id: CheckId, error: unknown): Check {
  const known = error instanceof LiveSyncError;
  const fix = known && error.hint !== "" ? error.hint : "Please report it, with this line.";
  return failed(id, withStop(known ? error.message : `Cannot check it: ${errorMessage(error)}`), fix);
}

export function withStop(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
