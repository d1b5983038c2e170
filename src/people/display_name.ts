/** What is a name at all, when two names are the same, and which one says more. */
import { normaliseIdentifier } from "./identifier.ts";

/**
 * Whether `name` stands for no name: empty, "None", "Unknown", a URN, shaped like a phone number or an email, or the
 * spelling of one of its owner's `identifiers`. A short number such as a year is a name, unless it is an identifier.
 */
export function isPlaceholder(
  name: string,
  identifiers: readonly { readonly identifier: string }[],
): boolean {
  const shown = visible(name);
  if (shown === "" || SAYS_NOTHING.test(shown)) return true;
  if (isPhoneShaped(shown) || EMAIL_SHAPE.test(shown)) return true;
  const normal = normaliseIdentifier(shown, null).identifier;
  return identifiers.some(({ identifier }) => identifier === normal);
}

/**
 * `name` for comparing: equal for two spellings of one name.
 *
 * Case, spaces, width, ligatures (NFKC), punctuation and invisible characters do not count. Diacritics, emoji and the
 * order of the words do: two people on one home phone may differ in nothing else (Vietnamese "Hà" and "Hạ"), and two
 * people made one is the worse mistake. Never empty where `name` has a visible character; applied twice it gives the same.
 */
export function normalisedName(name: string): string {
  const folded = caseFolded(name);
  // Normalised again, as letter and mark may meet where something between them is gone.
  const bare = squeezed(folded.replace(DROPPED, "").replace(/[\p{P}\p{Z}]/gu, " ")).normalize("NFKC");
  return bare === "" ? squeezed(folded) : bare;
}

/**
 * For sorting, the fuller name first: negative when `a` says more than `b`, 0 when neither does. More words win, then
 * more letters and digits.
 */
export function fuller(a: string, b: string): number {
  const [first, second] = [normalisedName(a), normalisedName(b)];
  return second.split(" ").length - first.split(" ").length || letters(second) - letters(first);
}

const SAYS_NOTHING = /^(?:none|unknown|urn:.*)$/isu;
/** Control, format (direction marks, zero-width, variation selectors are \p{Mn}) and unassigned line ends. */
const INVISIBLE = /[\p{Cc}\p{Cf}\ufe00-\ufe0f]/gu;
/** Gone without a gap: apostrophes and full stops. "O'Brien" and "O’Brien", "J. R." and "J R". */
const DROPPED = /['’‘ʼʻ`´.]/gu;
const EMAIL_SHAPE = /^(?:mailto:)?[^\s@]+@[^\s@]+\.[^\s@]+$/iu;
/** Only what a number is written with, perhaps an extension; how many digits is counted apart. */
const PHONE_SHAPE = /^(?:tel:)?[+(]*\d[\d\s().\-–—/*]*(?:(?:,+|;|#|x|ext\.?|;ext=)\s*\d+#?)?$/iu;
/** As many as the shorter of the short codes that banks use; "1984" may be a band. */
const FEWEST_PHONE_DIGITS = 5;

function isPhoneShaped(shown: string): boolean {
  const ascii = shown.replace(/\p{Nd}/gu, (digit) => /\d/.test(digit) ? digit : "0");
  return PHONE_SHAPE.test(ascii) && ascii.replace(/\D/g, "").length >= FEWEST_PHONE_DIGITS;
}

function visible(name: string): string {
  return squeezed(name.normalize("NFKC").replace(/[\t\n\r]/g, " ").replace(INVISIBLE, ""));
}

function squeezed(text: string): string {
  return text.replace(/[\s\p{Z}]+/gu, " ").replace(/^ | $/g, "");
}

/** JavaScript has no case folding: lower case, and the two letters whose lower case depends on their place. */
function caseFolded(name: string): string {
  return visible(name).toLowerCase().replace(/ß/g, "ss").replace(/ς/g, "σ").normalize("NFKC");
}

function letters(name: string): number {
  return name.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
}
