/** Who runs on the database, and how it does. */
import * as v from "valibot";
import { type Holder, holderText, type InstanceInfo, isPassing, whoText } from "../platform/holder.ts";
import type { CommandLine } from "../platform/command_line.ts";
import { VERSION } from "../platform/version.ts";
import { type Check, failed, passed, withStop } from "./check.ts";

const Health = v.object({ state: v.string(), version: v.string() });
const Status = v.object({ sources: v.array(v.object({ state: v.string(), hint: v.string() })) });

/** What a running instance says of itself. */
export interface Answer {
  readonly state: string;
  readonly version: string;
  /** What to do, where its state is no good one. */
  readonly hint: string;
}

/** Null where it does not answer as one of ours would. */
export type AskInstance = (instance: InstanceInfo) => Promise<Answer | null>;

/** An instance answers within milliseconds; one that hangs must not hang us. */
const LIMIT_MS = 3_000;

export const askInstance: AskInstance = async (instance) => {
  const health = v.safeParse(Health, await getJson(instance, "/health"));
  if (!health.success) return null;
  const { state, version } = health.output;
  const status = v.safeParse(Status, await getJson(instance, "/api/v1/status"));
  const sources = status.success ? status.output.sources : [];
  const hint = sources.find((source) => source.state !== "ok" && source.hint !== "")?.hint ?? "";
  return { state, version, hint };
};

async function getJson(instance: InstanceInfo, path: string): Promise<unknown> {
  try {
    const response = await fetch(new URL(path, instance.url), {
      headers: { authorization: `Bearer ${instance.token}` },
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    return await response.json();
  } catch {
    // It is the one thing that is asked: it does not answer as it should.
    return null;
  }
}

const TROUBLED: readonly string[] = ["needs_permission", "source_missing", "failed"];

/** Pure. `answer`: what the holder said; null where it was not asked, or did not answer. */
export function instanceCheck(
  holder: Holder | null,
  answer: Answer | null,
  { line, nowMs }: { readonly line: CommandLine; readonly nowMs: number },
): Check {
  if (holder === null) return passed("instance", "Nobody: the program is not running on this database.");
  const who = holderText(holder, nowMs);
  const where = `${who.charAt(0).toUpperCase()}${who.slice(1)}`;
  if (holder.info === null) {
    return passed("instance", isPassing(holder) ? `${where}; that ends by itself.` : `${where}.`);
  }
  if (answer === null) {
    return failed(
      "instance",
      `${where} does not answer.`,
      holder.pid === null
        ? "End it in Activity Monitor and start it again."
        : `End it (kill ${holder.pid}, or ${whoText(holder)} in Activity Monitor) and start it again.`,
    );
  }
  if (TROUBLED.includes(answer.state)) {
    return failed(
      "instance",
      `${where} says: ${answer.state.replaceAll("_", " ")}.`,
      answer.hint === "" ? `See its log, and: \`${line("status")}\`.` : withStop(answer.hint),
    );
  }
  const older = answer.version === VERSION
    ? ""
    : ` It is version ${answer.version}, this one is ${VERSION}: start it again to have this one.`;
  return passed("instance", `${where} is ${answer.state}.${older}`);
}
