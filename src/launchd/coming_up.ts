/** Whether the agent that was just loaded comes up: launchd has its process, and that process serves. */
import { sleep } from "../platform/clock.ts";
import type { Holder } from "../platform/holder.ts";
import { type Launchd, printed } from "./loading.ts";

export type CameUp =
  /** It serves; `state` is what `/health` says of it, null where it did not answer. */
  | { readonly kind: "serving"; readonly pid: number; readonly url: string; readonly state: string | null }
  /** It runs, and waits for this process, which holds the database, to end. */
  | { readonly kind: "waiting"; readonly pid: number; readonly holder: number }
  | { readonly kind: "not_yet"; readonly lastEnd: string | null };

export interface ComingUpPorts {
  /** Who holds the agent's database. */
  readonly holder: () => Holder | null;
  /** The `state` of `/health` at this address; null where nobody answers. */
  readonly health: (url: string) => Promise<string | null>;
}

const LIMIT_MS = 15_000;
const LOOK_AGAIN_MS = 100;

/** Looks until it serves and knows whether it may read Messages, or until the limit. */
export async function comeUp(launchd: Launchd, ports: ComingUpPorts): Promise<CameUp> {
  const giveUpAt = launchd.clock.monotonic() + LIMIT_MS;
  for (;;) {
    const seen = await look(launchd, ports);
    const isOver = launchd.clock.monotonic() >= giveUpAt;
    if (isOver || seen.kind === "waiting" || (seen.kind === "serving" && isTelling(seen.state))) return seen;
    await sleep(launchd.clock, LOOK_AGAIN_MS);
  }
}

/** `starting` is over in a moment, and does not say yet whether Messages can be read. */
function isTelling(state: string | null): boolean {
  return state !== null && state !== "starting";
}

async function look(launchd: Launchd, ports: ComingUpPorts): Promise<CameUp> {
  const seen = await printed(launchd);
  const job = seen.kind === "job" ? seen.job : null;
  if (!job?.isRunning || job.pid === null) return { kind: "not_yet", lastEnd: job?.lastEnd ?? null };
  const info = ports.holder()?.info ?? null;
  if (info === null) return { kind: "not_yet", lastEnd: job.lastEnd };
  if (info.pid !== job.pid) return { kind: "waiting", pid: job.pid, holder: info.pid };
  return { kind: "serving", pid: job.pid, url: info.url, state: await ports.health(info.url) };
}
