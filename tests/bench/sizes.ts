/** How much each figure does. `short` runs everything once, so that it cannot rot; its figures mean little. */

export interface Sizes {
  /** Messages of the large database. */
  readonly messages: number;
  readonly importRuns: number;
  readonly latencyMessages: number;
  readonly burstSeconds: number;
  /** Sidecars that are idle at once, one first message each. */
  readonly idleSidecars: number;
  /** From the last movement until the poll is at its slow pace: its quick half minute, and a little. */
  readonly settleMs: number;
  readonly idleMs: number;
  readonly starts: number;
  readonly passes: number;
  readonly cards: number;
  /** Chats of the database that contacts are measured on: three quarters of them are with one person each. */
  readonly contactChats: number;
  /** Cards edited, one after the other. */
  readonly cardEdits: number;
  /** Messages of a contact that is merged. */
  readonly mergeMessages: number;
  readonly merges: number;
  /** Messages of the large database that the read API is asked about. */
  readonly apiMessages: number;
  /** How often each page is asked for. */
  readonly apiRuns: number;
}

export const DEFAULT_SIZES: Sizes = {
  messages: 300_000,
  importRuns: 3,
  latencyMessages: 200,
  burstSeconds: 20,
  idleSidecars: 20,
  settleMs: 32_000,
  idleMs: 60_000,
  starts: 10,
  passes: 200,
  cards: 10_000,
  contactChats: 2_950,
  cardEdits: 10,
  mergeMessages: 50_000,
  merges: 5,
  apiMessages: 1_000_000,
  apiRuns: 200,
};

export const SHORT_SIZES: Sizes = {
  messages: 20_000,
  importRuns: 1,
  latencyMessages: 20,
  burstSeconds: 5,
  idleSidecars: 3,
  settleMs: 1_000,
  idleMs: 10_000,
  starts: 2,
  passes: 20,
  cards: 1_000,
  contactChats: 295,
  cardEdits: 2,
  mergeMessages: 5_000,
  merges: 2,
  apiMessages: 40_000,
  apiRuns: 20,
};

/** `--full`: issue 3's. */
export const FULL_SIZES = {
  messages: 2_000_000,
  comparedWith: 300_000,
  passMessages: 5_000_000,
  passComparedWith: 5_000,
  passes: 200,
} as const;
