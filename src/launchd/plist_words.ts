/** What stands in a plist that is there already, by this or an older version. Pure. */
import { decodePlist, isPlistArray } from "../apple_formats/plist.ts";

/** What the agent's `run` was given besides `--wait`; nothing where the file is not one of ours. */
export function flagsIn(bytes: Uint8Array): string[] {
  const [, run, wait, ...flags] = wordsIn(bytes);
  return run === "run" && wait === "--wait" ? flags : [];
}

/** The program that launchd starts; null where the file is not one of ours. */
export function programIn(bytes: Uint8Array): string | null {
  const [program, run] = wordsIn(bytes);
  return run === "run" && program !== undefined ? program : null;
}

function wordsIn(bytes: Uint8Array): string[] {
  const decoded = decodePlist(bytes);
  const root = decoded.ok ? decoded.value : null;
  if (!(root instanceof Map)) return [];
  const words = root.get("ProgramArguments") ?? null;
  if (!isPlistArray(words)) return [];
  return words.filter((word) => typeof word === "string");
}
