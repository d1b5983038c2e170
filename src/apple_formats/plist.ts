/** Property lists, as Apple's programs keep small structures in a column: binary or XML. */
import { readBinaryPlist } from "./plist_binary.ts";
import { BadPlist, type PlistProblem, type PlistValue } from "./plist_value.ts";
import { readXmlPlist } from "./plist_xml.ts";

export { isPlistArray, type PlistProblem, type PlistValue } from "./plist_value.ts";

export type DecodedPlist =
  | { readonly ok: true; readonly value: PlistValue }
  | { readonly ok: false; readonly reason: PlistProblem };

/** Far more than any column of Messages holds. */
const MOST_BYTES = 8 * 1024 * 1024;

/**
 * What `bytes` hold, or why nothing. Never throws and never guesses: a list that is damaged anywhere has no value.
 * Time and memory grow with the number of bytes alone, whatever they say. Data of a binary list are views into `bytes`.
 */
export function decodePlist(bytes: Uint8Array): DecodedPlist {
  if (bytes.length > MOST_BYTES) return { ok: false, reason: "too large" };
  try {
    return { ok: true, value: startsBinary(bytes) ? readBinaryPlist(bytes) : readXmlPlist(bytes) };
  } catch (error) {
    if (error instanceof BadPlist) return { ok: false, reason: error.reason };
    throw error;
  }
}

const MAGIC = "bplist00";

function startsBinary(bytes: Uint8Array): boolean {
  for (let i = 0; i < MAGIC.length; i++) {
    if (bytes[i] !== MAGIC.charCodeAt(i)) return false;
  }
  return true;
}
