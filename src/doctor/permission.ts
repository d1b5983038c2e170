/** Whether the sources may be read: by who asks here, and by the running instance, which may be started by another app. */
import { type Check, failed, passed, skipped } from "./check.ts";

export interface PermissionFacts {
  /** Paths that the system does not let us read. */
  readonly forbidden: readonly string[];
  /** What the running instance says of its own permission; null: it has it, or there is none. */
  readonly instance: { readonly pid: number; readonly hint: string } | null;
  /** Whether something was there that could be asked for. */
  readonly isKnown: boolean;
}

/** Pure. */
export function checkPermission(facts: PermissionFacts, permissionHint: string): Check {
  if (facts.forbidden.length > 0) {
    return failed(
      "permission",
      `This program is not allowed to read ${facts.forbidden.join(" and ")}.`,
      permissionHint,
    );
  }
  if (facts.instance !== null) {
    return failed(
      "permission",
      `Programs started from here may read Messages, but the running instance (process ${facts.instance.pid}) may not.`,
      facts.instance.hint,
    );
  }
  if (facts.isKnown) return passed("permission", "Messages and Contacts may be read.");
  return skipped("permission", {
    ok: true,
    message: "Not checked: Messages' database is not there.",
    fix: "",
  });
}
