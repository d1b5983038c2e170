import assert from "node:assert/strict";
import fc from "fast-check";
import { normaliseIdentifier } from "../../src/people/identifier.ts";

/** fast-check prints the seed with every failure; CHATSTATS_TEST_SEED runs it again. */
const SEED = Number(Deno.env.get("CHATSTATS_TEST_SEED") ?? Math.trunc(Math.random() * 0x7fffffff));
const RUNS = { seed: SEED, verbose: 1 } as const;

type Row = readonly [raw: string, region: string | null, identifier: string];

function assertAll(type: string, rows: readonly Row[]): void {
  for (const [raw, region, identifier] of rows) {
    assert.deepEqual(
      normaliseIdentifier(raw, region),
      { type, identifier },
      `${JSON.stringify(raw)} in ${region}`,
    );
  }
}

Deno.test("normaliseIdentifier() keeps a number as it stands when it already is E.164", () => {
  assertAll("phone", [
    ["+15551234567", "US", "+15551234567"],
    ["+15551234567", "GB", "+15551234567"],
    ["+442079460000", null, "+442079460000"],
    ["+4915123456789", "US", "+4915123456789"],
    // No numbering plan has these; Messages has used them all the same.
    ["+99912345678", "US", "+99912345678"],
    ["+1234567", null, "+1234567"],
    ["+123456789012345", null, "+123456789012345"],
  ]);
});

Deno.test("normaliseIdentifier() gives E.164 when a number is written in its region's way", () => {
  assertAll("phone", [
    ["(555) 123-4567", "US", "+15551234567"],
    ["555.123.4567", "us", "+15551234567"],
    ["1 (555) 123-4567", "US", "+15551234567"],
    ["15551234567", "US", "+15551234567"],
    ["020 7946 0000", "GB", "+442079460000"],
    ["(020) 7946 0000", " gb ", "+442079460000"],
    ["0151 23456789", "DE", "+4915123456789"],
    ["06 12 34 56 78", "FR", "+33612345678"],
    ["06 6988 3712", "IT", "+390669883712"],
    ["011 5555-1234", "AR", "+541155551234"],
  ]);
});

Deno.test("normaliseIdentifier() goes by the country code when a number has one", () => {
  assertAll("phone", [
    ["+1 (555) 123-4567", "GB", "+15551234567"],
    ["+44 20 7946 0000", "US", "+442079460000"],
    ["(+44) 20 7946 0000", "US", "+442079460000"],
    ["+39 06 69883712", "US", "+390669883712"],
    ["+225 07 01 02 03 04", "US", "+2250701020304"],
  ]);
});

Deno.test("normaliseIdentifier() leaves the trunk zero out when a country code stands before it", () => {
  assertAll("phone", [
    ["+44 (0)20 7946 0000", null, "+442079460000"],
    ["+44 (0) 20 7946 0000", "US", "+442079460000"],
    ["+44 020 7946 0000", "US", "+442079460000"],
    ["+4402079460000", null, "+442079460000"],
    ["+49(0)15123456789", null, "+4915123456789"],
    // Spain has no trunk prefix, so the library alone would not know what to do.
    ["+34 (0) 612 345 678", "US", "+34612345678"],
    ["0044 (0)20 7946 0958", null, "+442079460958"],
    ["+353 087 123 4567", null, "+353871234567"],
  ]);
});

Deno.test("normaliseIdentifier() reads an international prefix when a number begins with one", () => {
  assertAll("phone", [
    ["0044 20 7946 0958", "GB", "+442079460958"],
    ["0044 20 7946 0958", "US", "+442079460958"],
    ["0044 20 7946 0958", null, "+442079460958"],
    ["00 1 555 123 4567", "US", "+15551234567"],
    ["00 1 555 123 4567", null, "+15551234567"],
    ["011 44 20 7946 0958", "US", "+442079460958"],
    ["0011 44 20 7946 0958", "AU", "+442079460958"],
    ["0041 44 668 18 00", "BR", "+41446681800"],
    // Brazil has a carrier's number between "00" and the country: 21 is one.
    ["00213 661 12 34 56", "BR", "+213661123456"],
    ["0021 1 201 555 0123", "BR", "+12015550123"],
  ]);
});

Deno.test("normaliseIdentifier() keeps the digits when the country is unknown or the number doesn't fit it", () => {
  assertAll("phone", [
    ["020 7946 0000", null, "02079460000"],
    ["020 7946 0000", "ZZ", "02079460000"],
    ["020 7946 0000", "US", "02079460000"],
    ["555-1234", "US", "5551234"],
    // Ten digits are possible in the US, but none begins with 0 there: this is a German number.
    ["0151 234567", "US", "0151234567"],
    ["12345678901234567890", "US", "12345678901234567890"],
    ["+0123456789", "US", "+0123456789"],
    ["+1 555 123 4567 8901 2345", "US", "+155512345678901" + "2345"],
  ]);
});

Deno.test("normaliseIdentifier() doesn't throw when the region is no region", () => {
  for (const region of ["", "U", "USA", "001", "zz", "__proto__", "constructor", "\0", "ß", "💥"]) {
    assert.deepEqual(normaliseIdentifier("(555) 123-4567", region), {
      type: "phone",
      identifier: "5551234567",
    });
  }
});

Deno.test("normaliseIdentifier() leaves an extension out when a number has one", () => {
  const tails = [
    " x89",
    "x89",
    " ext. 89",
    " ext 89",
    " extension 89",
    ";ext=89",
    ",,89#",
    ";9",
    " #89",
    " доб. 89",
  ];
  // Too little before it to be a number.
  assertAll("phone", [["555 #1234567", "US", "+15551234567"]]);
  for (const tail of [...tails, "p89", "w1,2#"]) {
    assertAll("phone", [[`(555) 123-4567${tail}`, "US", "+15551234567"], [
      `+15551234567${tail}`,
      null,
      "+15551234567",
    ]]);
  }
});

Deno.test("normaliseIdentifier() sees through spaces, marks and other digits when a number is wrapped in them", () => {
  assertAll("phone", [
    ["\u202a+1 (555) 123\u20114567\u202c", null, "+15551234567"],
    ["\u2066+15551234567\u2069", null, "+15551234567"],
    ["\u200e+1\u200f5551234567\u200e", null, "+15551234567"],
    ["+1\u00a0555\u00a0123\u00a04567", null, "+15551234567"],
    ["\u3000＋１　５５５　１２３　４５６７", null, "+15551234567"],
    ["\u202f+1\u2009555\u2007123\u20284567\ufeff", null, "+15551234567"],
    ["٠٢٠٧٩٤٦٠٩٥٨", "GB", "+442079460958"],
    ["۰۲۰۷۹۴۶۰۹۵۸", "GB", "+442079460958"],
    ["tel:+1-555-123-4567", null, "+15551234567"],
    ["TEL:(555)123-4567;phone-context=example.com", "US", "+15551234567"],
    ["tel:+1-555-123-4567;ext=5", null, "+15551234567"],
  ]);
});

Deno.test("normaliseIdentifier() takes the service off when one stands before the address", () => {
  const services = ["iMessage;-;", "SMS;-;", "SMS;+;", "any;-;", "any;+;", "RCS;-;", "iMessageLite;-;"];
  for (const service of services) {
    assert.deepEqual(normaliseIdentifier(`${service}+15551234567`, null), {
      type: "phone",
      identifier: "+15551234567",
    });
    assert.deepEqual(normaliseIdentifier(` ${service} Jane@Example.com`, null), {
      type: "email",
      identifier: "jane@example.com",
    });
    assert.deepEqual(normaliseIdentifier(`${service}12345`, null), { type: "other", identifier: "12345" });
  }
  // Not the form of a service.
  assertAll("other", [["a;b;Name", null, "a;b;Name"], ["iMessage;*;Name", null, "iMessage;*;Name"]]);
});

Deno.test("normaliseIdentifier() lower-cases the whole when the address is an email", () => {
  assertAll("email", [
    ["Jane.Doe+Tag@Example.COM", "US", "jane.doe+tag@example.com"],
    ["  jane@example.com\u00a0", null, "jane@example.com"],
    ["\u202ajane@example.com\u202c", null, "jane@example.com"],
    ["mailto:Jane@Example.com", null, "jane@example.com"],
    ["MAILTO:Jane@Example.com?subject=Hi", null, "jane@example.com"],
    ["5551234567@txt.example", "US", "5551234567@txt.example"],
    ["ÄRGER@EXAMPLE.COM", null, "ärger@example.com"],
  ]);
});

Deno.test("normaliseIdentifier() keeps the address as it stands when it is no number and no email", () => {
  assertAll("other", [
    ["12345", "US", "12345"],
    ["123456", null, "123456"],
    ["123 456", "US", "123 456"],
    ["+12345", "US", "+12345"],
    ["*123#", "US", "*123#"],
    ["urn:biz:1B2C-3D4E", "US", "urn:biz:1B2C-3D4E"],
    ["urn:biz:12345678-1234-1234-1234-123456789012", "US", "urn:biz:12345678-1234-1234-1234-123456789012"],
    ["AMAZON", "US", "AMAZON"],
    ["  Max 5 ", "US", "Max 5"],
    ["Bank ext 12345678", "US", "Bank ext 12345678"],
    ["1-800-FLOWERS", "US", "1-800-FLOWERS"],
    ["Банк1234567", "US", "Банк1234567"],
    ["chat123456789012345678", "US", "chat123456789012345678"],
    ["", "US", ""],
    [" \u200e ", "US", ""],
    ["+", "US", "+"],
    ["💬", null, "💬"],
    ["7".repeat(101), "US", "7".repeat(101)],
  ]);
});

/** Numbers from ranges kept for films and examples: in E.164, their region, and how they are written there. */
const NUMBERS: readonly Row[] = [
  ["(201) 555-0123", "US", "+12015550123"],
  ["020 7946 0958", "GB", "+442079460958"],
  ["07700 900123", "GB", "+447700900123"],
  ["030 23125123", "DE", "+493023125123"],
  ["01 99 00 12 34", "FR", "+33199001234"],
  ["(02) 5550 1234", "AU", "+61255501234"],
  ["06 6988 3712", "IT", "+390669883712"],
  ["020 555 0123", "NL", "+31205550123"],
];

const noise = fc.constantFrom("", " ", "-", ".", "\u00a0", "\u2009", "\u200e", " - ", "\u202c");

/** `text` with noise between its characters. */
function noisy(text: string, between: readonly string[]): string {
  return [...text].map((char, index) => char + (between[index % between.length] ?? "")).join("");
}

Deno.test("normaliseIdentifier() gives the same for a handle and a card when the card is written in any way", () => {
  const spelling = fc.constantFrom("national", "international", "00", "trunk zero", "service");
  fc.assert(
    fc.property(
      fc.constantFrom(...NUMBERS),
      spelling,
      fc.array(noise, { minLength: 3, maxLength: 9 }),
      ([national, region, e164], way, between) => {
        const code = e164.slice(0, /^\+1/.test(e164) ? 2 : 3);
        const rest = e164.slice(code.length);
        const digits = national.replace(/\D/g, "");
        const written = {
          "national": noisy(digits, between),
          "international": noisy(e164, between),
          "00": noisy(`00${e164.slice(1)}`, between),
          "trunk zero": rest.startsWith("0") ? e164 : `${code} (0) ${noisy(rest, between)}`,
          "service": `any;-;${noisy(e164, between)}`,
        }[way];
        assert.deepEqual(normaliseIdentifier(written, region), { type: "phone", identifier: e164 });
      },
    ),
    { ...RUNS, numRuns: 400 },
  );
});

Deno.test("normaliseIdentifier() keeps what stands when the trunk zero gone would leave a short code", () => {
  assert.deepEqual(normaliseIdentifier("+4905000", "US"), { type: "phone", identifier: "+4905000" });
});

Deno.test("normaliseIdentifier() changes nothing when it is used on its own answer", () => {
  const phoneLike = fc.string({
    unit: fc.constantFrom(..."00112345678944+ ()-.#x*"),
    minLength: 3,
    maxLength: 20,
  });
  const any = fc.oneof(phoneLike, phoneLike, fc.string(), fc.emailAddress());
  fc.assert(
    fc.property(any, fc.constantFrom("US", "GB", "IT", "BR", null), (raw, region) => {
      const once = normaliseIdentifier(raw, region);
      assert.deepEqual(normaliseIdentifier(once.identifier, region), once);
    }),
    { ...RUNS, numRuns: 1500 },
  );
});

Deno.test("normaliseIdentifier() gives a phone that is digits alone when the input is anything", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.option(fc.string({ maxLength: 3 })), (raw, region) => {
      const { type, identifier } = normaliseIdentifier(raw, region);
      if (type === "phone") assert.match(identifier, /^\+?\d{7,}$/);
      if (type === "email") assert.equal(identifier, identifier.toLowerCase());
    }),
    { ...RUNS, numRuns: 1000 },
  );
});
