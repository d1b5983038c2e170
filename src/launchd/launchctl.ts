/** The calls of launchctl(1), one pure function each. */
import { AGENT_LABEL } from "./places.ts";

const LAUNCHCTL = "/bin/launchctl";

/** The session of the person who is logged in at the screen. */
function domain(uid: number): string {
  return `gui/${uid}`;
}

function service(uid: number): string {
  return `${domain(uid)}/${AGENT_LABEL}`;
}

/** Stops the job and forgets it; it goes on in the background after the call has returned. */
export function bootoutCall(uid: number): string[] {
  return [LAUNCHCTL, "bootout", service(uid)];
}

/** Takes back a `launchctl disable`, which would outlast the plist. */
export function enableCall(uid: number): string[] {
  return [LAUNCHCTL, "enable", service(uid)];
}

/** Makes the plist known, which starts the job (RunAtLoad). */
export function bootstrapCall(uid: number, plist: string): string[] {
  return [LAUNCHCTL, "bootstrap", domain(uid), plist];
}

/** Starts the job now, should launchd have put it off; one that runs already is left alone. */
export function kickstartCall(uid: number): string[] {
  return [LAUNCHCTL, "kickstart", service(uid)];
}

export function printCall(uid: number): string[] {
  return [LAUNCHCTL, "print", service(uid)];
}
