import fc from "fast-check";

const TELLING = [
  ..." \0\t\n.,'’-_@+019aZßẞςΣİıÅéﬁか",
  "\u0301",
  "\u0307",
  "\u200d",
  "\u200e",
  "\u202e",
  "\ufe0f",
  "\ud800",
  "\udc00",
  "👩‍👧",
  "urn:",
  "None",
];

/** Any text, with what names and numbers trip over; much quicker to make than fast-check's own `binary` and `grapheme`. */
export const anyText = fc.array(
  fc.oneof(
    fc.constantFrom(...TELLING),
    fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code)),
  ),
  { maxLength: 12 },
).map((parts) => parts.join(""));
