/** Whose cards the demo's AddressBook holds, and what becomes of them while one watches: pure, the same for a seed. */
import type { CardEdit, NewCard } from "./contacts/inputs.ts";
import { ROOT_STORE } from "./contacts_app.ts";
import { SCENES } from "./conversations.ts";
import type { Scene } from "./conversations/script.ts";
import { planHumanPace } from "./human_plan.ts";
import { PEOPLE, type Person, type PersonKey } from "./people.ts";
import { SeededRandom } from "./random.ts";

/** At which milliseconds since the conversations began, and what. */
export type ContactsStep =
  & { readonly atMs: number }
  & (
    | { readonly kind: "add"; readonly card: NewCard }
    | { readonly kind: "edit"; readonly edit: CardEdit }
    | { readonly kind: "message"; readonly from: Pick<Person, "address" | "country">; readonly text: string }
  );

export interface ContactsPlan {
  /** The account beside the root store. */
  readonly account: string;
  /** There before anybody looks. */
  readonly cards: readonly NewCard[];
  /** Who has written at some time in the past: nothing can be told of the others' cards. */
  readonly known: readonly Pick<Person, "address" | "country">[];
  /** In the order of time. */
  readonly steps: readonly ContactsStep[];
}

/** Luca writes from a number, too, which no card knows yet. */
const LUCAS_PHONE = { address: "+16465550126", country: "us" };
const LUCAS_TEXT = "Luca here, this is my new number, please save it!";
const RENAME_AT = 11_000;
const LUCAS_TEXT_AT = 8_000;
const LUCAS_CARD_AT = 16_000;
/** From somebody's first words until somebody makes a card for the number. */
const CARD_AFTER = 4_500;
/** The second number turns into a name some time after the first one. */
const SECOND_STRANGER_FROM = 12_000;
/** Conversations may be among the same few people for ever. */
const LAST_STRANGER_AT = 90_000;

/** All of it is over within about half a minute of the conversations that {@link planHumanPace} makes of the seed. */
export function planContacts(seed: number, scenes: readonly Scene[] = SCENES): ContactsPlan {
  const random = new SeededRandom(seed);
  const account = random.uuid();
  const cardId = () => `${random.uuid()}:ABPerson`;
  const mum = { ...cardOf(PEOPLE.mum), uniqueId: cardId(), firstName: "Mum", lastName: null };
  const strangers = firstWords(seed, scenes);
  const isStranger = (key: string) => strangers.some(({ who }) => who === key);
  const others = Object.entries(PEOPLE).filter(([key]) => key !== "mum" && !isStranger(key));
  const steps: ContactsStep[] = [
    ...strangers.map(({ who, atMs }) => ({
      kind: "add" as const,
      atMs: atMs + CARD_AFTER,
      card: { ...cardOf(PEOPLE[who]), uniqueId: cardId() },
    })),
    { kind: "message", atMs: LUCAS_TEXT_AT, from: LUCAS_PHONE, text: LUCAS_TEXT },
    {
      kind: "edit",
      atMs: RENAME_AT,
      edit: { store: ROOT_STORE, uniqueId: mum.uniqueId, ...nameOf(PEOPLE.mum) },
    },
    {
      kind: "add",
      atMs: LUCAS_CARD_AT,
      card: {
        ...cardOf(PEOPLE.luca),
        uniqueId: cardId(),
        store: account,
        phones: [typed(LUCAS_PHONE.address)],
      },
    },
  ];
  return {
    account,
    cards: [mum, ...others.map(([_, person]) => ({ ...cardOf(person), uniqueId: cardId() }))],
    known: [PEOPLE.mum, PEOPLE.luca],
    steps: steps.toSorted((a, b) => a.atMs - b.atMs),
  };
}

/** Who speaks first of all, and who does later on for the first time. */
function firstWords(
  seed: number,
  scenes: readonly Scene[],
): { readonly who: PersonKey; readonly atMs: number }[] {
  const heard = new Set<string>(["me", "mum", "luca"]);
  const strangers: { readonly who: PersonKey; readonly atMs: number }[] = [];
  for (const { atMs, line } of planHumanPace(new SeededRandom(seed), scenes)) {
    if (strangers.length === 2 || atMs > LAST_STRANGER_AT) break;
    if (line.kind !== "say" || line.who === "me" || heard.has(line.who)) continue;
    heard.add(line.who);
    if (strangers.length > 0 && atMs < SECOND_STRANGER_FROM) continue;
    strangers.push({ who: line.who, atMs });
  }
  return strangers;
}

function cardOf(person: Person): NewCard {
  const reach = person.address.includes("@")
    ? { emails: [person.address] }
    : { phones: [typed(person.address)] };
  return { store: ROOT_STORE, ...nameOf(person), ...reach };
}

function nameOf(person: Person) {
  if (person === PEOPLE.vet) return { organization: person.name, isCompany: true };
  const [firstName = "", ...rest] = person.name.split(" ");
  return { firstName, lastName: rest.join(" ") };
}

/** As people type it: at home without the country, abroad with it. */
function typed(number: string): string {
  return number
    .replace(/^\+1(\d{3})(\d{3})(\d{4})$/, "($1) $2-$3")
    .replace(/^\+44(\d{4})(\d{6})$/, "+44 $1 $2");
}
