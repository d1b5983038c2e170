/** From a message's text and what is said of it to the runs of its attributed string: pure. */
import { LiveSyncError } from "../model/errors.ts";

/** A stretch of the text, in UTF-16 units. */
export interface BodyRange {
  readonly start: number;
  readonly length: number;
}

export interface BodyPart {
  /** `__kIMMessagePartAttributeName`. */
  readonly part: number;
  /** In UTF-16 units; the lengths of all parts add up to the text's. */
  readonly length: number;
}

export interface BodyOptions {
  /** Default: one part; with `attachmentGuids`, each U+FFFC and each stretch between is a part, numbered from 0. */
  readonly parts?: readonly BodyPart[];
  /** One for each U+FFFC of the text, in order. */
  readonly attachmentGuids?: readonly string[];
  readonly mentions?: readonly (BodyRange & { readonly handle: string })[];
  readonly links?: readonly (BodyRange & { readonly url: string })[];
  /** NSMutableAttributedString. */
  readonly mutable?: boolean;
  /** NSMutableString. */
  readonly mutableString?: boolean;
  /** One run with an empty dictionary. */
  readonly noAttributes?: boolean;
}

export type Value =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "url"; readonly value: string };
export type Attributes = ReadonlyMap<string, Value>;
export interface Run {
  readonly length: number;
  readonly attributes: Attributes;
}

export const PART = "__kIMMessagePartAttributeName";
const FILE = "__kIMFileTransferGUIDAttributeName";
const MENTION = "__kIMMentionConfirmedMention";
const LINK = "__kIMLinkAttributeName";

function refuse(constraint: string): LiveSyncError {
  return new LiveSyncError("bad_body", `Cannot encode a message body: ${constraint}`);
}

/** Throws {@link LiveSyncError} `bad_body` when ranges, parts or GUIDs don't fit the text. */
export function runsOf(text: string, options: BodyOptions): readonly Run[] {
  if (text === "") return [];
  if (options.noAttributes) return [{ length: text.length, attributes: new Map() }];
  const guids = options.attachmentGuids ?? [];
  const parts = options.parts ?? (guids.length > 0 ? partsAround(text) : [{ part: 0, length: text.length }]);
  const ranges = [...options.mentions ?? [], ...options.links ?? []];
  if (parts.reduce((sum, { length }) => sum + length, 0) !== text.length) {
    throw refuse("the parts' lengths don't add up to the text's");
  }
  if (ranges.some(({ start, length }) => start < 0 || length < 1 || start + length > text.length)) {
    throw refuse("a range lies outside the text");
  }
  const files = guids.length > 0 ? placeholdersOf(text) : [];
  if (files.length !== guids.length) throw refuse("U+FFFC and GUIDs differ in number");

  const cuts = new Set<number>(ranges.flatMap(({ start, length }) => [start, start + length]));
  for (const at of files) cuts.add(at).add(at + 1);
  const runs: Run[] = [];
  let partStart = 0;
  for (const { part, length } of parts) {
    const partEnd = partStart + length;
    const inner = [...cuts].filter((cut) => cut > partStart && cut < partEnd).sort((a, b) => a - b);
    let start = partStart;
    for (const end of [...inner, partEnd]) {
      const guid = guids[files.indexOf(start)];
      runs.push({ length: end - start, attributes: attributesAt(start, part, guid, options) });
      start = end;
    }
    partStart = partEnd;
  }
  return runs.filter(({ length }) => length > 0);
}

function attributesAt(at: number, part: number, guid: string | undefined, options: BodyOptions): Attributes {
  const covers = ({ start, length }: BodyRange) => at >= start && at < start + length;
  const link = options.links?.find(covers);
  const mention = options.mentions?.find(covers);
  const attributes = new Map<string, Value>();
  if (guid !== undefined) attributes.set(FILE, { kind: "string", value: guid });
  if (link) attributes.set(LINK, { kind: "url", value: link.url });
  if (mention) attributes.set(MENTION, { kind: "string", value: mention.handle });
  return attributes.set(PART, { kind: "number", value: part });
}

function placeholdersOf(text: string): number[] {
  return [...text.matchAll(/\uFFFC/g)].map(({ index }) => index);
}

function partsAround(text: string): BodyPart[] {
  return text.split(/(\uFFFC)/).filter((stretch) => stretch !== "")
    .map((stretch, part) => ({ part, length: stretch.length }));
}
