/** What the operations give back; as schemas, for the process that gets them as text. */
import * as v from "valibot";

export const Rowid = v.object({ rowid: v.number() });
export type Rowid = v.InferOutput<typeof Rowid>;

export const Written = v.object({ guid: v.string(), rowid: v.number() });
export type Written = v.InferOutput<typeof Written>;

export const WrittenMessage = v.object({
  guid: v.string(),
  rowid: v.number(),
  /** In the order given; `rowid` is 0 where the row was left for later. */
  attachments: v.pipe(v.array(Written), v.readonly()),
});
export type WrittenMessage = v.InferOutput<typeof WrittenMessage>;

/** A tapback's row, and how many earlier rows of the same sender it took away. */
export const WrittenTapback = v.object({ guid: v.string(), rowid: v.number(), deleted: v.number() });
export type WrittenTapback = v.InferOutput<typeof WrittenTapback>;

/** What `PRAGMA wal_checkpoint` answers; `log` and `checkpointed` count frames. */
export const CheckpointResult = v.object({
  busy: v.boolean(),
  log: v.number(),
  checkpointed: v.number(),
});
export type CheckpointResult = v.InferOutput<typeof CheckpointResult>;
