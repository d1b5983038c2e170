/** Reads back the parts of a body that the simulated app wrote: to change one of them, it must know the others. */
import { Buffer } from "node:buffer";
import { Unarchiver } from "@parseaple/typedstream";
import * as v from "valibot";
import { encodeAttributedBody } from "./attributed_body.ts";

export interface MessagePart {
  readonly part: number;
  /** U+FFFC where an attachment stands. */
  readonly text: string;
  /** One for each U+FFFC. */
  readonly attachmentGuids: readonly string[];
}

const Runs = v.object({
  string: v.string(),
  runs: v.array(v.object({
    range: v.tuple([v.number(), v.number()]),
    attributes: v.object({
      __kIMMessagePartAttributeName: v.optional(v.number(), 0),
      __kIMFileTransferGUIDAttributeName: v.optional(v.string()),
    }),
  })),
});

/** Throws where `body` is not one of `encodeAttributedBody()`. Mentions and links are not kept. */
export function partsOfBody(body: Uint8Array): readonly MessagePart[] {
  const root: unknown = Unarchiver.open(Buffer.from(body)).decodeSingleRoot();
  const { string, runs } = v.parse(Runs, root);
  const parts = new Map<number, MessagePart>();
  for (const { range: [start, length], attributes } of runs) {
    const part = attributes.__kIMMessagePartAttributeName;
    const guid = attributes.__kIMFileTransferGUIDAttributeName;
    const before = parts.get(part) ?? { part, text: "", attachmentGuids: [] };
    parts.set(part, {
      part,
      text: before.text + string.slice(start, start + length),
      attachmentGuids: guid === undefined ? before.attachmentGuids : [...before.attachmentGuids, guid],
    });
  }
  return [...parts.values()];
}

/** One body of all `parts`, in their order. */
export function bodyOfParts(parts: readonly MessagePart[]): Uint8Array {
  return encodeAttributedBody(parts.map(({ text }) => text).join(""), {
    parts: parts.map(({ part, text }) => ({ part, length: text.length })),
    attachmentGuids: parts.flatMap(({ attachmentGuids }) => attachmentGuids),
  });
}
