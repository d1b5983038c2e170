/** Messages' database: there, readable, of a shape that we know. */
import { LiveSyncError } from "../model/errors.ts";
import { examineMessages } from "../source/examine.ts";
import { type Check, failed, failedWith, passed, SEE_PERMISSION, skipped } from "./check.ts";

export interface MessagesFindings {
  /** `messages_database` and `schema`. */
  readonly checks: readonly [Check, Check];
  /** The system does not let us read it. */
  readonly isForbidden: boolean;
}

const SCHEMA_CODES: readonly string[] = ["source_empty", "source_not_messages"];

export function checkMessages(path: string): MessagesFindings {
  try {
    const absent = examineMessages(path);
    return {
      checks: [passed("messages_database", `${path} can be read.`), passed("schema", knownShape(absent))],
      isForbidden: false,
    };
  } catch (error) {
    const code = error instanceof LiveSyncError ? error.code : "";
    if (SCHEMA_CODES.includes(code)) {
      return {
        checks: [passed("messages_database", `${path} can be read.`), failedWith("schema", error)],
        isForbidden: false,
      };
    }
    const isForbidden = code === "needs_permission";
    const { message, fix } = failedWith("messages_database", error);
    return {
      checks: [failed("messages_database", message, isForbidden ? SEE_PERMISSION : fix), notLookedAt()],
      isForbidden,
    };
  }
}

/** Of a schema: what can't be seen is not known to be well. */
export function notLookedAt(): Check {
  return skipped("schema", {
    ok: false,
    message: "Not checked: Messages' database can't be read.",
    fix: "Fix that first, then check again.",
  });
}

/** Exported for its test. */
export function knownShape(absent: readonly string[]): string {
  if (absent.length === 0) return "Its tables are known, and none is missing.";
  const named = absent.slice(0, 3).join(", ");
  const more = absent.length > 3 ? ` and ${absent.length - 3} more` : "";
  return `Its tables are known; it does without ${named}${more}, as some releases of macOS do.`;
}
