/**
 * Encoder of `attributedBody` for the simulated Messages app and for tests: the bytes that Apple's NSArchiver would
 * write for the same NSAttributedString (shared strings, object numbers and all).
 *
 * The format is known from real bodies printed in public sources. Order of the attributes within one dictionary is
 * Apple's hash order, which is not known: here it is by name.
 */
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

type Value =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "url"; readonly value: string };
type Attributes = ReadonlyMap<string, Value>;
interface Run {
  readonly length: number;
  readonly attributes: Attributes;
}

const PART = "__kIMMessagePartAttributeName";
const FILE = "__kIMFileTransferGUIDAttributeName";
const MENTION = "__kIMMentionConfirmedMention";
const LINK = "__kIMLinkAttributeName";
const UTF_8 = new TextEncoder();

function refuse(constraint: string): LiveSyncError {
  return new LiveSyncError("bad_body", `Cannot encode a message body as ${constraint}`);
}

// ---- from options to runs

function runsOf(text: string, options: BodyOptions): readonly Run[] {
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

// ---- from runs to bytes

const NEW = 0x84;
const NIL = 0x85;
const END_OF_OBJECT = 0x86;
/** Reference 0 is written as the signed byte -110. */
const FIRST_REFERENCE = -110;

/** A class and its superclasses, up to the root: name and version. */
type ClassChain = readonly (readonly [name: string, version: number])[];
const ROOT = ["NSObject", 0] as const;
const STRING_CLASS: ClassChain = [["NSString", 1], ROOT];
const MUTABLE_STRING_CLASS: ClassChain = [["NSMutableString", 1], ...STRING_CLASS];
const BODY_CLASS: ClassChain = [["NSAttributedString", 0], ROOT];
const MUTABLE_BODY_CLASS: ClassChain = [["NSMutableAttributedString", 0], ...BODY_CLASS];
const DICTIONARY_CLASS: ClassChain = [["NSDictionary", 0], ROOT];
const NUMBER_CLASS: ClassChain = [["NSNumber", 0], ["NSValue", 0], ROOT];
const URL_CLASS: ClassChain = [["NSURL", 0], ROOT];

/** One archive being written: its bytes, and the two tables that references count in. */
class Archive {
  #bytes = new Uint8Array(512);
  length = 0;
  readonly #strings = new Map<string, number>();
  #objectCount = 0;
  /** Numbers of what is referred to again: classes, C strings, and the objects that Apple's code holds once. */
  readonly #objects = new Map<string, number>();

  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.length);
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.length++] = value;
  }

  /** A signed byte where no tag has that value, else a tag and two or four bytes. */
  integer(value: number): void {
    if (value >= FIRST_REFERENCE && value <= 0x7f) return this.byte(value & 0xff);
    const width = value >= -0x8000 && value <= 0xffff ? 2 : 4;
    this.byte(width === 2 ? 0x81 : 0x82);
    for (let i = 0; i < width; i++) this.byte(value >> (8 * i) & 0xff);
  }

  text(text: string): void {
    // One at a time is quicker than the encoder for what is short, as names and encodings are.
    if (text.length < 64 && this.#shortAscii(text)) return;
    const bytes = UTF_8.encode(text);
    this.integer(bytes.length);
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  #shortAscii(text: string): boolean {
    this.#reserve(1 + text.length);
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 0x7f) return false;
      this.#bytes[this.length + 1 + i] = unit;
    }
    this.#bytes[this.length] = text.length;
    this.length += 1 + text.length;
    return true;
  }

  /** A type encoding or a class name: in full once, then by number. */
  sharedString(text: string): void {
    const known = this.#strings.get(text);
    if (known !== undefined) return this.integer(FIRST_REFERENCE + known);
    this.#strings.set(text, this.#strings.size);
    this.byte(NEW);
    this.text(text);
  }

  cString(text: string): void {
    if (this.#refer(`* ${text}`)) return;
    this.#objects.set(`* ${text}`, this.#objectCount++);
    this.byte(NEW);
    this.sharedString(text);
  }

  /** An object and its content. With `identity`, only once: later ones refer to the first. */
  object(chain: ClassChain, content: () => void, identity?: string): void {
    this.sharedString("@");
    if (identity !== undefined && this.#refer(identity)) return;
    const number = this.#objectCount++;
    if (identity !== undefined) this.#objects.set(identity, number);
    this.byte(NEW);
    this.#classChain(chain);
    content();
    this.byte(END_OF_OBJECT);
  }

  #classChain(chain: ClassChain): void {
    for (const [name, version] of chain) {
      if (this.#refer(`# ${name}`)) return;
      this.#objects.set(`# ${name}`, this.#objectCount++);
      this.byte(NEW);
      this.sharedString(name);
      this.integer(version);
    }
    this.byte(NIL);
  }

  #refer(identity: string): boolean {
    const number = this.#objects.get(identity);
    if (number !== undefined) this.integer(FIRST_REFERENCE + number);
    return number !== undefined;
  }

  #reserve(size: number): void {
    if (this.length + size <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * (this.length + size));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

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
