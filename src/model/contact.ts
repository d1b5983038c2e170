/** What Contacts says of people, and what we know of them: the words that reading, matching and storing share. */

export type IdentifierType = "phone" | "email" | "other";

/** A number or address as it stands on a card. */
export interface CardIdentifier {
  readonly type: IdentifierType;
  /** In the spelling of `people/identifier.ts`: E.164, lower-cased, or as it stands. */
  readonly identifier: string;
  /**
   * The national digits, without leading zeros, of a phone number that was typed without a country code; null for
   * everything else. Only such numbers may match by national digits.
   */
  readonly national: string | null;
}

/** One card of one store of the AddressBook. */
export interface Card {
  /** Ours, stable while the card is there. */
  readonly id: number;
  /** `<UUID>:ABPerson`, unique in its store. */
  readonly uniqueId: string;
  /** Cards with the same are one person, across stores. */
  readonly linkId: string | null;
  readonly isMe: boolean;
  /** As Contacts would show it, never a placeholder; null where the card has neither name, nickname nor organisation. */
  readonly name: string | null;
  readonly nickname: string | null;
  readonly organization: string | null;
  /** This card names its linked set. */
  readonly preferredForName: boolean;
  /** Milliseconds since 1970. */
  readonly modifiedMs: number | null;
  readonly identifiers: readonly CardIdentifier[];
}

/** One row of `contact_identifiers`. */
export interface KnownIdentifier {
  readonly id: number;
  readonly type: IdentifierType;
  readonly identifier: string;
  /** The contact that it belongs to now. */
  readonly contactId: number;
  /** The contact that was made for it; it goes back there when every merge is undone. */
  readonly originId: number;
  readonly isShared: boolean;
}

/**
 * Where a contact's name comes from: `me` and `identifier` are placeholders, `addressbook` a card, `addressbook_gone` a
 * card that is no longer there, `user` the person's own choice.
 */
export type NameSource = "me" | "identifier" | "addressbook" | "addressbook_gone" | "user";

/** One row of `contacts`. */
export interface KnownContact {
  readonly id: number;
  readonly name: string;
  readonly nameSource: NameSource;
  readonly nickname: string | null;
  readonly organization: string | null;
  readonly isMe: boolean;
  /** The person's own choice; stands above all. */
  readonly userName: string | null;
}

/** A merge that stands: `fromId` is merged into `intoId`. */
export interface KnownMerge {
  readonly id: number;
  readonly fromId: number;
  readonly intoId: number;
}

/** Two contacts that a person took apart; they are not merged again. */
export interface Veto {
  /** The contact that was split off. */
  readonly fromId: number;
  readonly intoId: number;
}

/** (a) `one_card`, (b) `linked_cards`, (c) `same_name`, (e) `nameless_on_card`; see `people/contact_match.ts`. */
export type MergeReason = "one_card" | "linked_cards" | "same_name" | "nameless_on_card";

export interface MergeEvidence {
  /** Unique ids of the cards that say so. */
  readonly cards: readonly string[];
  /** Our ids of the identifiers of both contacts that stand on them. */
  readonly identifiers: readonly number[];
  /** Those of them that were found by national digits alone; left out where there are none. */
  readonly national?: readonly number[];
}

export interface PlannedMerge {
  readonly fromId: number;
  readonly intoId: number;
  readonly reason: MergeReason;
  readonly evidence: MergeEvidence;
}

/** A merge that what the cards say no longer bears: it is taken back, without a veto. */
export interface PlannedSplit {
  readonly mergeId: number;
  readonly reason: "shared_identifier" | "other_card";
}

export interface PlannedName {
  readonly contactId: number;
  readonly name: string;
  readonly source: NameSource;
  readonly nickname: string | null;
  readonly organization: string | null;
}

export interface PlannedShare {
  readonly identifierId: number;
  readonly isShared: boolean;
}

/** What has to be done so that contacts follow the cards; an empty plan: nothing. */
export interface ContactPlan {
  readonly splits: readonly PlannedSplit[];
  readonly merges: readonly PlannedMerge[];
  readonly shares: readonly PlannedShare[];
  readonly names: readonly PlannedName[];
  readonly counts: {
    /** Cards without any number or address. */
    readonly unusableCards: number;
    /** Identifiers that no card knows. */
    readonly unmatched: number;
    /** Identifiers with more than one candidate by national digits. */
    readonly ambiguous: number;
  };
}
