/**
 * One spelling for each address, so that a handle of Messages and a number typed into a contact card can be compared
 * with `===`.
 */
import parsePhoneNumber, {
  type CountryCode,
  getCountryCallingCode,
  isSupportedCountry,
  type PhoneNumber,
} from "libphonenumber-js/max";

export interface Identifier {
  readonly type: "phone" | "email" | "other";
  readonly identifier: string;
}

export interface ReadIdentifier extends Identifier {
  /**
   * The national digits, without leading zeros, of a phone number that was written without a country code: with
   * another region than the one that was assumed it is another number. Null for everything else.
   */
  readonly national: string | null;
}

/**
 * `raw` as `handle.id`, `chat.chat_identifier` or a contact card holds it; `region` (ISO 3166, two letters, any case;
 * null or unknown: none) is for numbers without a country code.
 *
 * - email: lower-cased.
 * - phone: E.164. A number whose country stays open, or that no numbering plan allows, keeps its digits as they stand
 *   (with its `+`, if it has one); extensions are left out.
 * - other: short codes (six digits or fewer), `urn:…`, senders' names: as they stand, for exact match alone.
 */
export function normaliseIdentifier(raw: string, region: string | null): Identifier {
  const { type, identifier } = readIdentifier(raw, region);
  return { type, identifier };
}

/** As {@link normaliseIdentifier}, and what is left to compare where the country is a guess. */
export function readIdentifier(raw: string, region: string | null): ReadIdentifier {
  if (isE164(raw)) return { type: "phone", identifier: raw, national: null };
  const bare = unwrapped(raw);
  if (bare.includes("@")) {
    return { type: "email", identifier: bare.replace(INVISIBLE, "").toLowerCase(), national: null };
  }
  const dialled = withoutExtension(asciiDigits(bare));
  const digits = digitsOf(dialled);
  if (digits.length <= LONGEST_SHORT_CODE || bare.length > LONGEST_NUMBER || /\p{L}/u.test(dialled)) {
    return { type: "other", identifier: bare, national: null };
  }
  return { type: "phone", ...phoneNumber(dialled, usableRegion(region)) };
}

const LONGEST_SHORT_CODE = 6;
/** In characters, as typed; what is longer is no number, and not worth parsing. */
const LONGEST_NUMBER = 100;
/** Direction marks and zero-width characters: Contacts wraps numbers in them. */
const INVISIBLE = /[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;
const OUTER_SPACE =
  /^[\s\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069]+|[\s\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069]+$/g;
const SERVICE = /^(?:[A-Za-z]\w*;[-+];)+/;

/** Country codes of one or two digits (ITU E.164); all others have three. */
const SHORT_COUNTRY_CODE = "(?:[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])";
const ZERO_AFTER_COUNTRY = new RegExp(`^\\+(?:${SHORT_COUNTRY_CODE}|(?!${SHORT_COUNTRY_CODE})\\d{3})0`);

/**
 * Already as it should be, whether or not a numbering plan knows it: Messages has used the address as it stands. A
 * zero after the country code may be a trunk prefix that a person left in ("+44 020 …"), so the library is asked.
 */
function isE164(text: string): boolean {
  return /^\+[1-9]\d{6,14}$/.test(text) && !ZERO_AFTER_COUNTRY.test(text);
}

/** Without what stands around an address: spaces, invisible marks, `iMessage;-;`, `tel:`, `mailto:`. */
function unwrapped(raw: string): string {
  const bare = raw.replace(OUTER_SPACE, "").replace(SERVICE, "").replace(OUTER_SPACE, "");
  const scheme = /^(tel|sms|mailto):/i.exec(bare);
  if (!scheme) return bare;
  const parameters = scheme[1]?.toLowerCase() === "mailto" ? /\?.*$/s : /;.*$/s;
  return bare.slice(scheme[0].length).replace(parameters, "").replace(OUTER_SPACE, "");
}

/** Full-width, Arabic-Indic and Persian digits as 0–9; a full-width plus as `+`. */
function asciiDigits(text: string): string {
  return text.replace(INVISIBLE, "").normalize("NFKC").replace(
    /[\u0660-\u0669\u06f0-\u06f9]/g,
    (digit) => String(digit.charCodeAt(0) & 0xf),
  );
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, "");
}

/** Also pauses and what is dialled after them: `,,123#`, `;9`, `p1`. */
const EXTENSION = /(?:ext(?:ension|n)?|доб|anexo|int|[,;#xpw])[.:=\s]*\d[\d,;#*pw\s]*$/iu;

function withoutExtension(text: string): string {
  if (text.length > LONGEST_NUMBER) return text;
  const at = text.search(EXTENSION);
  const before = text.slice(0, Math.max(at, 0));
  return digitsOf(before).length > LONGEST_SHORT_CODE ? before : text;
}

function usableRegion(region: string | null): CountryCode | null {
  // "constructor" and "ß" are among what has to be no region.
  if (region === null || !/^\s*[A-Za-z]{2}\s*$/.test(region)) return null;
  const code = region.trim().toUpperCase();
  return isSupportedCountry(code) ? code : null;
}

function phoneNumber(dialled: string, region: CountryCode | null): Omit<ReadIdentifier, "type"> {
  const asItStands = (/^\D*\+/.test(dialled) ? "+" : "") + digitsOf(dialled);
  if (isE164(asItStands)) return { identifier: asItStands, national: null };
  const reading = readings(dialled, asItStands, region).find(isCredible);
  return { identifier: reading?.number ?? asItStands, national: nationalDigits(asItStands, region, reading) };
}

/** `00` stands for `+` wherever it is dialled; other international prefixes are the region's own. */
function nationalDigits(
  asItStands: string,
  region: CountryCode | null,
  reading: PhoneNumber | undefined,
): string | null {
  if (asItStands.startsWith("+") || asItStands.startsWith("00")) return null;
  const national = reading?.nationalNumber ?? asItStands;
  if (reading && region) {
    const code = reading.countryCallingCode;
    if (code !== getCountryCallingCode(region)) return null;
    // "1 555 …" and "011 1 555 …": written out, though without a plus.
    if (asItStands.endsWith(code + national)) return null;
  }
  return national.replace(/^0+/, "");
}

/** The ways to read a number that is not E.164 as it stands, the likeliest first. */
function readings(dialled: string, asItStands: string, region: CountryCode | null): PhoneNumber[] {
  const withoutTrunk = digitsOf(dialled.replace(/\(\s*0\s*\)/, ""));
  const found: (PhoneNumber | undefined)[] = [];
  if (asItStands.startsWith("+")) {
    found.push(parsePhoneNumber(asItStands), parsePhoneNumber(`+${withoutTrunk}`));
  } else {
    // "00" is typed even where another prefix is dialled. Valid, it wins: Brazil puts a carrier between "00" and the
    // country, so that +213 would be read as carrier 21 and +3…; else the region's own prefix does, as Australia's 0011.
    const international = asItStands.startsWith("00")
      ? [parsePhoneNumber(`+${asItStands.slice(2)}`), parsePhoneNumber(`+${withoutTrunk.slice(2)}`)]
      : [];
    found.push(...international.filter((number) => number?.isValid()));
    if (region) found.push(parsePhoneNumber(asItStands, region));
    found.push(...international);
  }
  return found.filter((number) => number !== undefined);
}

/**
 * Possible is enough: numbering plans change, and "555" numbers are valid nowhere. But where a zero is part of the
 * number, as in Italy, the plan must say so: else it is the trunk prefix of another country than `region`.
 */
function isCredible(number: PhoneNumber): boolean {
  // As short as a short code it would be taken for one when it is read again.
  if (digitsOf(number.number).length <= LONGEST_SHORT_CODE) return false;
  return number.isPossible() && (!number.nationalNumber.startsWith("0") || number.isValid());
}
