/**
 * What each operation of the simulated Contacts app takes: one schema gives the type and checks a command that another
 * process sent.
 *
 * Throughout: `store` is `root` or the UUID of a source, `uniqueId` a card's id in its store, `dateMs` milliseconds
 * since 1970 UTC (default: the app's clock).
 */
import * as v from "valibot";
import { ColumnValues } from "../operations/inputs.ts";

const store = v.string();
const uniqueId = v.string();
const word = v.optional(v.nullable(v.string()));
const dateMs = v.optional(v.number());

/** `null` empties a field; what is left out stays as it is (in a new card: empty). */
const cardFields = {
  firstName: word,
  middleName: word,
  lastName: word,
  /** "Dr"; `ZTITLE`. */
  prefix: word,
  /** "Jr."; `ZSUFFIX`. */
  suffix: word,
  nickname: word,
  organization: word,
  isCompany: v.optional(v.boolean()),
  /** Default `default`: as Contacts' settings say. */
  nameOrder: v.optional(v.picklist(["default", "first_name_first", "last_name_first"])),
  /** As typed; a list takes the place of all that were there. */
  phones: v.optional(v.pipe(v.array(v.string()), v.readonly())),
  emails: v.optional(v.pipe(v.array(v.string()), v.readonly())),
  linkId: word,
  preferredForName: v.optional(v.boolean()),
  /** The store's me card; the one before is it no longer. */
  isMe: v.optional(v.boolean()),
  dateMs,
};

export const NewStore = v.strictObject({
  /** Default: a random UUID. */
  store: v.optional(store),
  /** How far the entity numbers are from today's; default the app's. */
  entityShift: v.optional(v.pipe(v.number(), v.integer(), v.minValue(-17))),
});
export type NewStore = v.InferOutput<typeof NewStore>;

export const NewCard = v.strictObject({
  store,
  /** Default: a random `UUID:ABPerson`. */
  uniqueId: v.optional(uniqueId),
  /** A card of a subscribed address book. */
  subscribed: v.optional(v.boolean()),
  ...cardFields,
});
export type NewCard = v.InferOutput<typeof NewCard>;

export const CardEdit = v.strictObject({ store, uniqueId, ...cardFields });
export type CardEdit = v.InferOutput<typeof CardEdit>;

export const CardRef = v.strictObject({ store, uniqueId });
export type CardRef = v.InferOutput<typeof CardRef>;

export const LinkInput = v.strictObject({
  cards: v.pipe(v.array(CardRef), v.readonly()),
  /** Default: a random UUID. */
  linkId: v.optional(v.string()),
});
export type LinkInput = v.InferOutput<typeof LinkInput>;

export const StoreRef = v.strictObject({ store });
export type StoreRef = v.InferOutput<typeof StoreRef>;

export const CheckpointInput = v.strictObject({
  store,
  mode: v.picklist(["PASSIVE", "FULL", "RESTART", "TRUNCATE"]),
});
export type CheckpointInput = v.InferOutput<typeof CheckpointInput>;

export const BreakInput = v.strictObject({
  store,
  /**
   * `not_a_database`: text; `damaged`: every page but the first is overwritten; `other_shape`: a database without
   * Contacts' tables.
   */
  how: v.picklist(["not_a_database", "damaged", "other_shape"]),
});
export type BreakInput = v.InferOutput<typeof BreakInput>;

export const SqlInput = v.strictObject({ store, sql: v.string(), params: v.optional(ColumnValues) });
export type SqlInput = v.InferOutput<typeof SqlInput>;

/** What the operations give back. */
export const WrittenStore = v.object({ store, path: v.string() });
export type WrittenStore = v.InferOutput<typeof WrittenStore>;

export const WrittenCard = v.object({ store, uniqueId, record: v.number() });
export type WrittenCard = v.InferOutput<typeof WrittenCard>;

export const Linked = v.object({ linkId: v.string() });
export type Linked = v.InferOutput<typeof Linked>;
