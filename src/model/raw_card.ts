/** One card as a store of the AddressBook holds it; nothing is normalised yet. Texts may hold any character. */
export interface RawCard {
  /** `<UUID>:ABPerson`, unique in its store. */
  readonly uniqueId: string;
  readonly linkId: string | null;
  readonly isMe: boolean;
  readonly isCompany: boolean;
  /** What was chosen for this card; null: whatever is usual. */
  readonly nameOrder: NameOrder | null;
  readonly firstName: string | null;
  readonly middleName: string | null;
  readonly lastName: string | null;
  readonly nickname: string | null;
  readonly organization: string | null;
  /** This card names its linked set. */
  readonly preferredForName: boolean;
  /** Milliseconds since 1970. */
  readonly modifiedMs: number | null;
  /** As typed, in the card's order. */
  readonly phones: readonly string[];
  readonly emails: readonly string[];
}

export type NameOrder = "first_name_first" | "last_name_first";
