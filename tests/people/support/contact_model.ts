/** Contacts in memory: applies plans as the database does, so that what comes of them can be looked at. */
import assert from "node:assert/strict";
import type {
  Card,
  CardIdentifier,
  ContactPlan,
  IdentifierType,
  KnownContact,
  KnownIdentifier,
  KnownMerge,
  NameSource,
  Veto,
} from "../../../src/model/contact.ts";
import { isEmptyPlan, type MatchInput, planContacts } from "../../../src/people/contact_match.ts";

/** A number of a card that was typed without a country code: what it was taken for, and its national digits. */
export interface TypedNumber {
  readonly number: string;
  readonly national: string;
}

export interface CardText {
  readonly name?: string | null;
  readonly on?: readonly (string | TypedNumber)[];
  readonly link?: string;
  readonly me?: boolean;
  readonly preferred?: boolean;
  readonly modified?: number;
  readonly uid?: string;
  readonly nickname?: string;
  readonly organization?: string;
}

export function cardsOf(texts: readonly CardText[]): Card[] {
  return texts.map((text, at) => ({
    id: at + 1,
    uniqueId: text.uid ?? `CARD-${String(at).padStart(3, "0")}:ABPerson`,
    linkId: text.link ?? null,
    isMe: text.me ?? false,
    name: text.name ?? null,
    nickname: text.nickname ?? null,
    organization: text.organization ?? null,
    preferredForName: text.preferred ?? false,
    modifiedMs: text.modified ?? null,
    identifiers: (text.on ?? []).map(cardIdentifier),
  }));
}

function cardIdentifier(value: string | TypedNumber): CardIdentifier {
  const identifier = typeof value === "string" ? value : value.number;
  return {
    type: typeOf(identifier),
    identifier,
    national: typeof value === "string" ? null : value.national,
  };
}

function typeOf(identifier: string): IdentifierType {
  if (identifier.includes("@")) return "email";
  return /^\+?\d{7,}$/.test(identifier) ? "phone" : "other";
}

export const ME = 1;
/** As the database: more rounds than this are a defect. */
const MOST_ROUNDS = 8;

export class ContactModel {
  readonly contacts = new Map<number, KnownContact>();
  readonly vetoes: Veto[] = [];
  merges: (KnownMerge & { readonly reason: string })[] = [];
  cards: readonly Card[];
  #identifiers: Omit<KnownIdentifier, "contactId">[] = [];
  #nextMerge = 1;

  constructor(cards: readonly CardText[], handles: readonly string[]) {
    this.cards = cardsOf(cards);
    this.#put(ME, "Me", "me");
    for (const handle of handles) this.hear(handle);
  }

  /** A message from an identifier that nobody knew. */
  hear(identifier: string): void {
    if (this.#identifiers.some((known) => known.identifier === identifier)) return;
    const id = this.#identifiers.length + 1;
    const originId = ME + id;
    this.#identifiers.push({ id, type: typeOf(identifier), identifier, originId, isShared: false });
    this.#put(originId, identifier, "identifier");
  }

  input(): MatchInput {
    return {
      identifiers: this.#identifiers.map((each) => ({ ...each, contactId: this.rootOf(each.originId) })),
      contacts: [...this.contacts.values()],
      cards: this.cards,
      merges: this.merges.map(({ id, fromId, intoId }) => ({ id, fromId, intoId })),
      vetoes: this.vetoes,
    };
  }

  plan(): ContactPlan {
    return planContacts(this.input());
  }

  apply(plan: ContactPlan): void {
    for (const { mergeId } of plan.splits) this.#drop(mergeId);
    for (const { identifierId, isShared } of plan.shares) {
      this.#identifiers = this.#identifiers.map((each) =>
        each.id === identifierId ? { ...each, isShared } : each
      );
    }
    for (const { fromId, intoId, reason } of plan.merges) {
      // Only contacts that stand for themselves; nobody into themselves.
      assert.equal(this.rootOf(fromId), fromId);
      assert.equal(this.rootOf(intoId), intoId);
      assert.notEqual(fromId, intoId);
      this.merges.push({ id: this.#nextMerge++, fromId, intoId, reason });
    }
    for (const { contactId, name, source, nickname, organization } of plan.names) {
      assert.equal(this.rootOf(contactId), contactId);
      this.#change(contactId, { name, nameSource: source, nickname, organization });
    }
  }

  /** Plans and applies until there is nothing to do; gives in how many rounds. */
  settle(): number {
    for (let rounds = 0; rounds < MOST_ROUNDS; rounds++) {
      const plan = this.plan();
      if (isEmptyPlan(plan)) return rounds;
      this.apply(plan);
    }
    throw new assert.AssertionError({ message: `not settled after ${MOST_ROUNDS} rounds` });
  }

  /** The cards as they are now. */
  read(cards: readonly CardText[]): this {
    this.cards = cardsOf(cards);
    this.settle();
    return this;
  }

  /** As a person does, with its veto; the card's name stays with the other one. */
  undo(mergeId: number): void {
    const { fromId, intoId } = this.#drop(mergeId);
    this.vetoes.push({ fromId, intoId });
    const [from, into] = [this.contact(fromId), this.contact(this.rootOf(intoId))];
    if (from.nameSource.startsWith("addressbook") && from.name === into.name) {
      const own = this.#identifiers.find(({ originId }) => originId === fromId)?.identifier ?? "";
      this.#change(fromId, { name: own, nameSource: "identifier", nickname: null, organization: null });
    }
  }

  /** The person's own name for whoever has this identifier; null takes it back. */
  rename(identifier: string, name: string | null): void {
    const id = this.contactIdOf(identifier);
    this.#change(id, name === null ? { userName: null } : { userName: name, name, nameSource: "user" });
  }

  rootOf(contact: number): number {
    const merge = this.merges.find(({ fromId }) => fromId === contact);
    return merge ? this.rootOf(merge.intoId) : contact;
  }

  contact(id: number): KnownContact {
    const contact = this.contacts.get(id);
    assert.ok(contact);
    return contact;
  }

  contactIdOf(identifier: string): number {
    const known = this.#identifiers.find((each) => each.identifier === identifier);
    assert.ok(known, identifier);
    return this.rootOf(known.originId);
  }

  isShared(identifier: string): boolean {
    return this.#identifiers.find((each) => each.identifier === identifier)?.isShared ?? false;
  }

  /** The identifiers of each contact, by name and source; neither ids nor order show. */
  people(): string[] {
    const people = new Map<number, string[]>();
    for (const { identifier, originId, isShared } of this.#identifiers) {
      const root = this.rootOf(originId);
      people.set(root, [...people.get(root) ?? [], identifier + (isShared ? " (shared)" : "")]);
    }
    return [...people].map(([id, identifiers]) => {
      const { name, nameSource } = this.contact(id);
      const called = nameSource === "identifier" ? "" : `${name} `;
      return `${called}<${nameSource}>: ${identifiers.sort().join(", ")}`;
    }).sort();
  }

  #put(id: number, name: string, nameSource: NameSource): void {
    const isMe = id === ME;
    this.contacts.set(id, {
      id,
      name,
      nameSource,
      nickname: null,
      organization: null,
      isMe,
      userName: null,
    });
  }

  #change(id: number, changes: Partial<KnownContact>): void {
    this.contacts.set(id, { ...this.contact(id), ...changes });
  }

  #drop(mergeId: number): KnownMerge {
    const merge = this.merges.find(({ id }) => id === mergeId);
    assert.ok(merge);
    this.merges = this.merges.filter((each) => each !== merge);
    return merge;
  }
}

/** What comes of these cards and handles. */
export function settled(cards: readonly CardText[], handles: readonly string[]): ContactModel {
  const model = new ContactModel(cards, handles);
  model.settle();
  return model;
}
