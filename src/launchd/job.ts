/** What `launchctl print` tells of the job. Its text is made for people, so only what stands out is read. Pure. */
import type { Ran } from "../platform/run_command.ts";

/** A job that launchd knows. */
export interface Job {
  readonly isRunning: boolean;
  readonly pid: number | null;
  /** How its process ended last, as launchd puts it: `1`, `78: EX_CONFIG`, `Killed: 9`; null where none has yet. */
  readonly lastEnd: string | null;
}

export type Printed =
  | { readonly kind: "job"; readonly job: Job }
  | { readonly kind: "unknown_to_launchd" }
  /** launchctl could not tell; `words` are its own, on one line. */
  | { readonly kind: "failed"; readonly words: string };

/** ESRCH as launchctl's exit code, and its own for a service that it can't find. */
const NO_SUCH_SERVICE: readonly number[] = [3, 113];

export function readPrinted(ran: Ran): Printed {
  if (ran.code === 0) return { kind: "job", job: parseJob(ran.stdout) };
  if (NO_SUCH_SERVICE.includes(ran.code) || /could not find service/i.test(ran.stderr)) {
    return { kind: "unknown_to_launchd" };
  }
  return { kind: "failed", words: wordsOf(ran) };
}

/** What launchctl said, on one line; its code where it said nothing. */
export function wordsOf({ code, stderr }: Ran): string {
  const words = stderr.trim().replace(/\s+/g, " ").replace(/ ?Try re-running the command as root.*$/, "");
  return words === "" ? `launchctl ended with ${code}` : words;
}

/** Exported for its tests. */
export function parseJob(text: string): Job {
  const fields = topFields(text);
  const pid = /^[1-9][0-9]*$/.test(fields.get("pid") ?? "") ? Number(fields.get("pid")) : null;
  const signal = fields.get("last terminating signal") ?? null;
  const code = fields.get("last exit code") ?? null;
  return {
    isRunning: fields.get("state") === "running" && pid !== null,
    pid,
    lastEnd: signal ?? (code === null || code.startsWith("(") ? null : code),
  };
}

/** `key = value` of the service itself: blocks within it have a `state` of their own. */
function topFields(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  let depth = 0;
  for (const line of text.split("\n").map((each) => each.trim())) {
    if (line.endsWith("{")) depth++;
    else if (line === "}") depth--;
    else if (depth === 1) {
      const [, key, value] = /^([a-z ]+?) = (.*)$/.exec(line) ?? [];
      if (key !== undefined && value !== undefined && !fields.has(key)) fields.set(key, value);
    }
  }
  return fields;
}
