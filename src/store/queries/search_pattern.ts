/**
 * What a person types into a search box, as patterns for GLOB. SQLite's LIKE takes capitals and small letters for equal
 * in ASCII alone; GLOB knows sets of characters, so each letter becomes the set of its forms, in every script that has
 * them. Accents count: "Jose" does not find "José".
 */

export interface SearchPatterns {
  /** For texts of every kind. */
  readonly words: string;
  /** For numbers in E.164, where the query looks like part of one; else null. */
  readonly number: string | null;
}

export function searchPatterns(query: string): SearchPatterns {
  const typed = query.trim();
  const digits = numberPart(typed);
  return {
    words: `*${[...typed].map(anyCase).join("")}*`,
    number: digits === null ? null : `*${digits}*`,
  };
}

/** A set of the character's forms: `σ` is found as `Σ` and `ς` as well. */
function anyCase(character: string): string {
  const upper = character.toUpperCase();
  const forms = new Set(
    [character, upper, character.toLowerCase(), upper.toLowerCase()].filter((form) => [...form].length === 1),
  );
  if (forms.size > 1) return `[${[...forms].join("")}]`;
  return /[*?[]/.test(character) ? `[${character}]` : character;
}

/** Fewer digits than these are found as they were typed; three may be an area code. */
const LEAST_DIGITS = 3;

/**
 * `+1 (555) 010-0001` as it is stored: +15550100001. Zeros in front (020…, 0044…, +44 (0)20…) stand for what E.164
 * writes otherwise, so they are left out: what follows them is found in the middle of the number.
 */
function numberPart(typed: string): string | null {
  if (!/^\+?[\d\s()./\u2010-\u2015\u2060-]+$/.test(typed)) return null;
  const digits = typed.replace(/\(0+\)/, "").replace(/[^+\d]/g, "").replace(/^0+/, "");
  return digits.replace("+", "").length < LEAST_DIGITS ? null : digits;
}
