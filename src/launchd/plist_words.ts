/** What stands in a plist that is there already, by this or an older version. Pure. */
import { decodePlist, isPlistArray } from "../apple_formats/plist.ts";

/** What the agent's `run` was given besides `--wait`; nothing where the file is not one of ours. */
export function flagsIn(bytes: Uint8Array): string[] {
  const decoded = decodePlist(bytes);
  const root = decoded.ok ? decoded.value : null;
  if (!(root instanceof Map)) return [];
  const words = root.get("ProgramArguments") ?? null;
  if (!isPlistArray(words)) return [];
  const [, run, wait, ...flags] = words.filter((word) => typeof word === "string");
  return run === "run" && wait === "--wait" ? flags : [];
}
