import { deepEqual, equal, notEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import { fuller, isPlaceholder, normalisedName } from "../../src/people/display_name.ts";
import { anyText } from "../apple_formats/support/any_text.ts";
import { testSeed } from "../support/seed.ts";

const RUNS = { seed: testSeed(), verbose: 1 } as const;
const OWN = [{ identifier: "+15551234567" }, { identifier: "jane@work" }, { identifier: "AMAZON" }, {
  identifier: "1984",
}];

Deno.test("isPlaceholder() is true when the text says nothing, or is shaped like a number, an email or a URN", () => {
  const placeholders = [
    ["", " ", "\u200e", "\0", "None", " NONE ", "unknown", "Unknown"],
    [
      "+15551234567",
      "(555) 123-4567",
      "+44 (0)20 7946 0000",
      "555.123.4567 x89",
      "tel:+15551234567",
      "12345",
    ],
    [
      "020 7946 0000 ext. 5",
      "\u202a+1 555 123 4567\u202c",
      "＋１５５５１２３４５６７",
      "٠٢٠٧٩٤٦٠٩٥٨",
      "5551234567;ext=5",
    ],
    ["jane@example.com", " Jane.Doe+x@Example.COM ", "mailto:jane@example.com"],
    ["urn:biz:1B2C-3D4E", "URN:biz:x"],
  ].flat();
  for (const name of placeholders) equal(isPlaceholder(name, []), true, JSON.stringify(name));
});

Deno.test("isPlaceholder() is false when the text is a name", () => {
  const names = [
    "Jane",
    "John None",
    "Unknown Mortal Orchestra",
    "50 Cent",
    "1984",
    "R2-D2",
    "@home",
    "田中さくら",
    "❤️",
  ];
  for (const name of [...names, "Mum (mobile 5551234567)", "jane @ work", "Urn", "4x4", "?"]) {
    equal(isPlaceholder(name, [{ identifier: "+15550000000" }]), false, name);
  }
});

Deno.test("isPlaceholder() is true when the text is an identifier of its own, and no other's", () => {
  for (const name of ["Jane@Work", "AMAZON", " 1984 ", "tel:+1 555 123 4567"]) {
    equal(isPlaceholder(name, OWN), true, name);
  }
  for (const name of ["Amazon", "Jane@Work", "1984"]) equal(isPlaceholder(name, []), false, name);
});

Deno.test("normalisedName() is the same when two spellings differ in case, spaces, width, punctuation or marks", () => {
  const same = [
    [
      "Jane Appleseed",
      "  jane   APPLESEED ",
      "Jane\u00a0Appleseed",
      "\u2068Jane\u2069 Appleseed\u200b",
      "Ｊａｎｅ Appleseed",
    ],
    ["José", "Jose\u0301", "JOSÉ"],
    ["O'Brien", "O’Brien", "o`brien", "OʼBrien"],
    ["Mary-Jane", "Mary Jane", "mary–jane"],
    ["J. R. Smith", "J R Smith", "J. R Smith,"],
    ["Weiß", "WEISS", "weiss"],
    ["Σίσυφος", "ΣΊΣΥΦΟΣ", "Σίσυφοσ"],
  ];
  for (const names of same) {
    for (const name of names) equal(normalisedName(name), normalisedName(names[0] ?? ""), name);
  }
});

Deno.test("normalisedName() differs when two names differ in letters, diacritics, emoji or the order of words", () => {
  const names = [
    "Hà",
    "Hạ",
    "Ha",
    "Jane",
    "Jane Doe",
    "Doe Jane",
    "Jane ❤️",
    "J Doe",
    "か",
    "が",
    "...",
    "!!",
    "❤️",
    "Ann",
    "Anne",
  ];
  equal(new Set(names.map(normalisedName)).size, names.length);
  notEqual(normalisedName("..."), "");
});

Deno.test("normalisedName() changes nothing when it is used on its own answer, and is empty only without visible text", () => {
  fc.assert(
    fc.property(anyText, (name) => {
      const once = normalisedName(name);
      equal(normalisedName(once), once);
      if (/[\p{L}\p{N}]/u.test(name)) ok(once.length > 0);
      equal(
        normalisedName(`  ${name.toUpperCase().toLowerCase()} `),
        normalisedName(name.toUpperCase().toLowerCase()),
      );
    }),
    {
      ...RUNS,
      numRuns: 2000,
      // Letter and mark that meet once what stands between them is gone.
      examples: [["A’\u0301"], ["ẞ'\u0307"]],
    },
  );
});

Deno.test("fuller() puts the name of more words, then of more letters, first", () => {
  const names = ["Bob", "Robert", "J. S.", "Bob Smith", "Robert Smith", "Robert J. Smith"];
  deepEqual([...names].sort(fuller), [...names].reverse());
  equal(fuller("Jane", "Mary"), 0);
  equal(fuller("José", "jose"), 0);
  ok(fuller("Ann Lee", "Mary-Ann-Lee") > 0);
});

Deno.test("fuller() is an order when names are anything", () => {
  fc.assert(
    fc.property(anyText, anyText, anyText, (a, b, c) => {
      equal(Math.sign(fuller(a, b)) + Math.sign(fuller(b, a)), 0);
      if (fuller(a, b) <= 0 && fuller(b, c) <= 0) ok(fuller(a, c) <= 0);
    }),
    { ...RUNS, numRuns: 500 },
  );
});
