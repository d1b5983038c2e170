/** Makes launchd take up the agent, and forget it. */
import { LiveSyncError } from "../model/errors.ts";
import { type Clock, sleep } from "../platform/clock.ts";
import { type Printed, readPrinted, wordsOf } from "./job.ts";
import { bootoutCall, bootstrapCall, enableCall, kickstartCall, printCall } from "./launchctl.ts";
import type { RunCommand } from "../platform/run_command.ts";

export interface Launchd {
  readonly run: RunCommand;
  readonly clock: Clock;
  readonly uid: number;
}

/** launchd gives a job 20 s to end before it kills it. */
const STOP_MS = 25_000;
const LOOK_AGAIN_MS = 100;
/** `bootstrap` fails with 5 for a moment after a `bootout`, though `print` does not find the job any more. */
const ATTEMPTS = 6;
const ATTEMPT_MS = 500;
/** `bootstrap` of what is loaded: EALREADY. */
const ALREADY = 37;

export async function printed({ run, uid }: Launchd): Promise<Printed> {
  return readPrinted(await run(printCall(uid)));
}

/** Stops the job; resolves when launchd no longer knows it. Throws LiveSyncError when it keeps it. */
export async function unload(launchd: Launchd): Promise<void> {
  const { run, clock, uid } = launchd;
  const ran = await run(bootoutCall(uid));
  const giveUpAt = clock.monotonic() + STOP_MS;
  for (;;) {
    const state = await printed(launchd);
    if (state.kind === "unknown_to_launchd") return;
    // No session at the screen, so nothing of ours runs in it.
    if (state.kind === "failed") return;
    if (clock.monotonic() >= giveUpAt) {
      throw new LiveSyncError(
        "launchd_refused",
        `launchd does not stop the agent (${ran.code === 0 ? "it does not end" : wordsOf(ran)})`,
        "Log out and in, and try again.",
      );
    }
    await sleep(clock, LOOK_AGAIN_MS);
  }
}

/** Makes launchd know the plist and start the job. Throws LiveSyncError with launchd's own words. */
export async function load({ run, clock, uid }: Launchd, plist: string): Promise<void> {
  await run(enableCall(uid));
  for (let attempt = 1;; attempt++) {
    const ran = await run(bootstrapCall(uid, plist));
    if (ran.code === 0 || ran.code === ALREADY) break;
    if (attempt === ATTEMPTS) {
      throw new LiveSyncError(
        "launchd_refused",
        `launchd refuses to start the agent (${wordsOf(ran)})`,
        "Be logged in at the screen, not over SSH, and look whether System Settings › General › Login Items " +
          "has it switched off.",
      );
    }
    await sleep(clock, ATTEMPT_MS);
  }
  // It has been started by RunAtLoad; whether it runs is looked at, not taken from here.
  await run(kickstartCall(uid));
}
