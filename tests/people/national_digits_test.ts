import { equal } from "node:assert/strict";
import fc from "fast-check";
import { normaliseIdentifier, readIdentifier } from "../../src/people/identifier.ts";
import { testSeed } from "../support/seed.ts";

const RUNS = { seed: testSeed(), verbose: 1, numRuns: 400 } as const;

function national(raw: string, region: string | null): string | null {
  return readIdentifier(raw, region).national;
}

Deno.test("readIdentifier() gives the national digits when a number was written without a country code", () => {
  const rows: [string, string | null, string][] = [
    ["020 7946 0000", "GB", "2079460000"],
    ["020 7946 0000", "US", "2079460000"],
    ["(0)20 7946 0000", null, "2079460000"],
    ["(555) 123-4567", "US", "5551234567"],
    ["555 123 4567 x89", "US", "5551234567"],
    // The zero is part of Italian numbers; it is left out all the same, as handles leave it out for comparing.
    ["06 6988 3712", "IT", "669883712"],
    ["8 912 345-67-89", "RU", "9123456789"],
    ["06 30 123 4567", "HU", "301234567"],
    ["0 21 11 5555-1234", "BR", "1155551234"],
  ];
  for (const [raw, region, digits] of rows) equal(national(raw, region), digits, `${raw} in ${region}`);
});

Deno.test("readIdentifier() gives none when a country code was written, with a plus or without", () => {
  const rows: [string, string | null][] = [
    ["+15551234567", "US"],
    ["+44 (0)20 7946 0000", "GB"],
    ["+44 020 7946 0000", "US"],
    ["0044 20 7946 0000", "GB"],
    ["00 44 20 7946 0000", null],
    ["011 44 20 7946 0958", "US"],
    ["011 44 (0)20 7946 0958", "US"],
    ["011 1 555 123 4567", "US"],
    ["0011 44 20 7946 0958", "AU"],
    ["010 44 20 7946 0958", "JP"],
    ["1 555 123 4567", "US"],
    ["0041 44 668 18 00", "BR"],
    ["0021 1 201 555 0123", "BR"],
    ["000 0000 0000", "US"],
  ];
  for (const [raw, region] of rows) equal(national(raw, region), null, `${raw} in ${region}`);
});

Deno.test("readIdentifier() gives none when it is no phone number", () => {
  for (const raw of ["12345", "jane@example.com", "urn:biz:12345678", "AMAZON", ""]) {
    equal(national(raw, "US"), null);
  }
});

Deno.test("readIdentifier() finds the same national digits with and without the right region", () => {
  const digits = fc.integer({ min: 0, max: 9999 }).map((n) => String(n).padStart(4, "0"));
  fc.assert(
    fc.property(digits, fc.constantFrom("US", "DE", null), (line, wrong) => {
      const typed = `020 7946 ${line}`;
      equal(national(typed, "GB"), `207946${line}`);
      equal(national(typed, wrong), `207946${line}`);
      equal(national(`+44 20 7946 ${line}`, wrong), null);
    }),
    RUNS,
  );
});

Deno.test("readIdentifier() gives digits that stand in the number, and the identifier of normaliseIdentifier()", () => {
  const phoneLike = fc.string({
    unit: fc.constantFrom(..."00112345678944+ ()-.#x"),
    minLength: 3,
    maxLength: 20,
  });
  fc.assert(
    fc.property(phoneLike, fc.constantFrom("US", "GB", "IT", "BR", "AR", null), (raw, region) => {
      const read = readIdentifier(raw, region);
      const { type, identifier } = normaliseIdentifier(raw, region);
      equal(read.type, type);
      equal(read.identifier, identifier);
      if (read.national === null) return;
      equal(
        /^[1-9]\d*$/.test(read.national) && identifier.endsWith(read.national),
        true,
        JSON.stringify(read),
      );
    }),
    { ...RUNS, numRuns: 1500 },
  );
});
