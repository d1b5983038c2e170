/**
 * Encoder of `attributedBody` for the simulated Messages app and for tests: the bytes that Apple's NSArchiver would
 * write for the same NSAttributedString (shared strings, object numbers and all).
 *
 * The format is known from real bodies printed in public sources. Order of the attributes within one dictionary is
 * Apple's hash order, which is not known: here it is by name.
 */
import { type Attributes, type BodyOptions, PART, type Run, runsOf } from "./body_runs.ts";
import { Archive, type ClassChain } from "./typedstream_archive.ts";

export type { BodyOptions, BodyPart, BodyRange } from "./body_runs.ts";

/**
 * The archive of `text` as Messages stores it. A lone surrogate becomes U+FFFD, as UTF-8 has no place for it.
 * Throws {@link LiveSyncError} when ranges, parts or GUIDs don't fit the text.
 */
export function encodeAttributedBody(text: string, options: BodyOptions = {}): Uint8Array<ArrayBuffer> {
  const kind: Kind = { mutable: options.mutable ?? false, mutableString: options.mutableString ?? false };
  return isPlain(text, options)
    ? encodePlain(text, TEMPLATES[indexOf(kind)])
    : encodeRuns(text, kind, runsOf(text, options));
}

/** One run, of part 0 alone. */
function isPlain(text: string, options: BodyOptions): boolean {
  const { parts, attachmentGuids, mentions, links, noAttributes } = options;
  return text !== "" && !noAttributes && !parts && !attachmentGuids?.length && !mentions?.length &&
    !links?.length;
}

interface Kind {
  readonly mutable: boolean;
  readonly mutableString: boolean;
}

const UTF_8 = new TextEncoder();

const ROOT = ["NSObject", 0] as const;
const STRING_CLASS: ClassChain = [["NSString", 1], ROOT];
const MUTABLE_STRING_CLASS: ClassChain = [["NSMutableString", 1], ...STRING_CLASS];
const BODY_CLASS: ClassChain = [["NSAttributedString", 0], ROOT];
const MUTABLE_BODY_CLASS: ClassChain = [["NSMutableAttributedString", 0], ...BODY_CLASS];
const DICTIONARY_CLASS: ClassChain = [["NSDictionary", 0], ROOT];
const NUMBER_CLASS: ClassChain = [["NSNumber", 0], ["NSValue", 0], ROOT];
const URL_CLASS: ClassChain = [["NSURL", 0], ROOT];

function begin(archive: Archive): void {
  archive.byte(4);
  archive.text("streamtyped");
  archive.integer(1000);
}

function writeString(archive: Archive, chain: ClassChain, text: string, identity?: string): void {
  archive.object(chain, () => {
    archive.sharedString("+");
    archive.text(text);
  }, identity);
}

function writeNumber(archive: Archive, value: number): void {
  // Small NSNumbers are tagged pointers: equal ones are one object.
  archive.object(NUMBER_CLASS, () => {
    archive.sharedString("*");
    archive.cString("i");
    archive.sharedString("i");
    archive.integer(value);
  }, `number ${value}`);
}

function writeUrl(archive: Archive, url: string): void {
  archive.object(URL_CLASS, () => {
    // 0: no base URL stands before it.
    archive.sharedString("c");
    archive.byte(0);
    writeString(archive, STRING_CLASS, url);
  });
}

function writeAttributes(archive: Archive, attributes: Attributes): void {
  archive.object(DICTIONARY_CLASS, () => {
    archive.sharedString("i");
    archive.integer(attributes.size);
    for (const [name, value] of attributes) {
      writeString(archive, STRING_CLASS, name, `name ${name}`);
      if (value.kind === "number") writeNumber(archive, value.value);
      else if (value.kind === "url") writeUrl(archive, value.value);
      else writeString(archive, STRING_CLASS, value.value);
    }
  });
}

function bodyClass({ mutable }: Kind): ClassChain {
  return mutable ? MUTABLE_BODY_CLASS : BODY_CLASS;
}

function stringClass({ mutableString }: Kind): ClassChain {
  return mutableString ? MUTABLE_STRING_CLASS : STRING_CLASS;
}

function encodeRuns(text: string, kind: Kind, runs: readonly Run[]): Uint8Array<ArrayBuffer> {
  const archive = new Archive();
  const dictionaries = new Map<string, number>();
  begin(archive);
  archive.object(bodyClass(kind), () => {
    writeString(archive, stringClass(kind), text);
    for (const { length, attributes } of runs) {
      const key = JSON.stringify([...attributes]);
      const known = dictionaries.get(key);
      archive.sharedString("iI");
      archive.integer(known ?? dictionaries.size + 1);
      archive.integer(length);
      if (known !== undefined) continue;
      dictionaries.set(key, dictionaries.size + 1);
      writeAttributes(archive, attributes);
    }
  });
  return archive.finish();
}

// ---- the short cut for a text with one part and nothing else, as most messages are

/** The bytes around the text's length and bytes, and around the run's length. */
interface Template {
  readonly beforeText: Uint8Array;
  readonly beforeRunLength: Uint8Array;
  readonly afterRunLength: Uint8Array;
}

function indexOf({ mutable, mutableString }: Kind): 0 | 1 | 2 | 3 {
  return mutable ? (mutableString ? 3 : 2) : mutableString ? 1 : 0;
}

/** Made by the general encoder from a text of one byte, so that there is one description of the format. */
function templateOf(kind: Kind): Template {
  const archive = new Archive();
  let textAt = 0;
  let runLengthAt = 0;
  begin(archive);
  archive.object(bodyClass(kind), () => {
    archive.object(stringClass(kind), () => {
      archive.sharedString("+");
      textAt = archive.length;
      archive.text("x");
    });
    archive.sharedString("iI");
    archive.integer(1);
    runLengthAt = archive.length;
    archive.integer(1);
    writeAttributes(archive, new Map([[PART, { kind: "number", value: 0 }]]));
  });
  const bytes = archive.finish();
  return {
    beforeText: bytes.subarray(0, textAt),
    beforeRunLength: bytes.subarray(textAt + 2, runLengthAt),
    afterRunLength: bytes.subarray(runLengthAt + 1),
  };
}

const TEMPLATES = [
  templateOf({ mutable: false, mutableString: false }),
  templateOf({ mutable: false, mutableString: true }),
  templateOf({ mutable: true, mutableString: false }),
  templateOf({ mutable: true, mutableString: true }),
] as const;

function encodePlain(text: string, template: Template): Uint8Array<ArrayBuffer> {
  const { beforeText, beforeRunLength, afterRunLength } = template;
  const utf8 = UTF_8.encode(text);
  const size = beforeText.length + sizeOfLength(utf8.length) + utf8.length + beforeRunLength.length +
    sizeOfLength(text.length) + afterRunLength.length;
  const bytes = new Uint8Array(size);
  bytes.set(beforeText);
  let at = putLength(bytes, beforeText.length, utf8.length);
  bytes.set(utf8, at);
  bytes.set(beforeRunLength, at += utf8.length);
  at = putLength(bytes, at + beforeRunLength.length, text.length);
  bytes.set(afterRunLength, at);
  return bytes;
}

function sizeOfLength(length: number): number {
  return length <= 0x7f ? 1 : length <= 0xffff ? 3 : 5;
}

/** Gives the offset behind it. */
function putLength(bytes: Uint8Array, at: number, length: number): number {
  const size = sizeOfLength(length);
  if (size > 1) bytes[at++] = size === 3 ? 0x81 : 0x82;
  for (let i = 0; i < Math.max(1, size - 1); i++) bytes[at++] = length >>> (8 * i) & 0xff;
  return at;
}
