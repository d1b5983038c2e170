/** The invented people of the demo. Numbers of ranges kept for fiction (555-01xx, +44 7700 900xxx), mail at example.com. */
export interface Person {
  readonly name: string;
  /** What Messages knows them by: E.164, or a mail address. */
  readonly address: string;
  /** ISO 3166, lower case, as `handle.country` has it. */
  readonly country: string;
}

export const PEOPLE = {
  nora: { name: "Nora Lindqvist", address: "+14155550142", country: "us" },
  sam: { name: "Samuel Okafor", address: "+447700900321", country: "gb" },
  priya: { name: "Priya Raman", address: "+447700900118", country: "gb" },
  luca: { name: "Luca Ferretti", address: "luca.ferretti@example.com", country: "us" },
  mei: { name: "Mei Tanaka", address: "+12125550187", country: "us" },
  jonas: { name: "Jonas Weber", address: "+447700900452", country: "gb" },
  amira: { name: "Amira Haddad", address: "+13105550119", country: "us" },
  dad: { name: "Patrick Doyle", address: "+16175550133", country: "us" },
  mum: { name: "Helen Doyle", address: "+16175550171", country: "us" },
  rosa: { name: "Rosa Delgado", address: "+17735550164", country: "us" },
  theo: { name: "Theo Papadakis", address: "theo.p@example.com", country: "us" },
  vet: { name: "Willow Street Vets", address: "+16175550110", country: "us" },
  ines: { name: "Inês Carvalho", address: "+447700900733", country: "gb" },
  kofi: { name: "Kofi Mensah", address: "+12065550155", country: "us" },
} as const satisfies Readonly<Record<string, Person>>;

export type PersonKey = keyof typeof PEOPLE;
