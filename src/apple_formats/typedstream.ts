/**
 * The text of a message's `attributedBody`: an NSAttributedString in Apple's typedstream format.
 *
 * Two readers that must never disagree. `fastText` knows the four beginnings that nearly every body has and gives
 * no opinion on anything else; `libraryText` reads the rest through the events of `@parseaple/typedstream`, whose
 * `Unarchiver` is not used: it is slower and throws on an int64 attribute, which loses a text that stands before it.
 * Only the text is read, up to the end of its string object; attributes behind it may be of any kind, or damaged.
 */
import { Buffer } from "node:buffer";
import { TypedStreamReader } from "@parseaple/typedstream";

/** Why a body gave no text; fixed words, as the library's own messages may quote what stands in the body. */
export type UndecodableReason = "truncated" | "damaged" | "no text found" | "not UTF-8";

export type DecodedBody =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: UndecodableReason };

/** `ignoreBOM` keeps a BOM in the text, where its writer put it. */
const UTF_8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * The whole text of `body`, U+FFFC placeholders and all, or why there is none. Never throws, never guesses: a body
 * that is cut off within its text has no text.
 */
export function decodeAttributedBody(body: Uint8Array): DecodedBody {
  const text = fastText(body);
  return text === null ? libraryText(body) : { ok: true, text };
}

const HEADER = "\x04\x0bstreamtyped\x81\xe8\x03";
const OBJECT = "\x84\x01@\x84\x84\x84\x12NSAttributedString\0\x84\x84\x08NSObject\0\x85";
const MUTABLE_OBJECT =
  "\x84\x01@\x84\x84\x84\x19NSMutableAttributedString\0\x84\x84\x12NSAttributedString\0\x84\x84\x08NSObject\0\x85";
const STRING = "\x92\x84\x84\x84\x08NSString\x01";
const MUTABLE_STRING = "\x92\x84\x84\x84\x0fNSMutableString\x01\x84\x84\x08NSString\x01";
/** Reference to NSObject, whose number depends on how many classes stand before it; then the encoding `+`. */
const BYTES_FOLLOW = "\x94\x84\x01+";
const BYTES_FOLLOW_MUTABLE = "\x95\x84\x01+";

/** Everything that stands before the length of the text, the commonest beginning first. */
const BEGINNINGS: readonly Uint8Array[] = [
  OBJECT + STRING + BYTES_FOLLOW,
  MUTABLE_OBJECT + MUTABLE_STRING + BYTES_FOLLOW_MUTABLE,
  MUTABLE_OBJECT + STRING + BYTES_FOLLOW_MUTABLE,
  OBJECT + MUTABLE_STRING + BYTES_FOLLOW,
].map((beginning) => Uint8Array.from(HEADER + beginning, (char) => char.charCodeAt(0)));

const TAG_INT16 = 0x81;
const TAG_INT32 = 0x82;
const TAG_END_OF_OBJECT = 0x86;

/** The text of a body that begins as nearly all do and is sound up to its text's end; null is "no opinion". Exported for its test. */
export function fastText(body: Uint8Array): string | null {
  const lengthAt = endOfBeginning(body);
  if (lengthAt === 0) return null;
  const head = body[lengthAt];
  if (head === undefined) return null;
  const width = head < 0x80 ? 0 : head === TAG_INT16 ? 2 : head === TAG_INT32 ? 4 : -1;
  if (width < 0) return null;
  const start = lengthAt + 1 + width;
  const end = start + (width === 0 ? head : littleEndian(body, lengthAt + 1, width));
  // A wrong length hardly ever ends just before this tag; the library would look at the same byte.
  if (body[end] !== TAG_END_OF_OBJECT) return null;
  return utf8(body.subarray(start, end));
}

/** Offset behind the beginning that `body` has, or 0. */
function endOfBeginning(body: Uint8Array): number {
  for (const beginning of BEGINNINGS) {
    let same = 0;
    while (same < beginning.length && body[same] === beginning[same]) same++;
    if (same === beginning.length) return same;
  }
  return 0;
}

/** Unsigned. Bytes past the end count as 0; the caller finds no tag behind such a length. */
function littleEndian(body: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let i = width - 1; i >= 0; i--) value = value * 256 + (body[at + i] ?? 0);
  return value;
}

function utf8(bytes: Uint8Array): string | null {
  try {
    return UTF_8.decode(bytes);
  } catch {
    return null;
  }
}

/** More than any body needs before its text (about 15), and few enough that a damaged count ends soon. */
const MOST_EVENTS = 10_000;
/** In characters; real ones have one or two. The library reads a nested one in time that grows with its square. */
const LONGEST_ENCODING = 100;

/** What the library's events say, for any body; {@link decodeAttributedBody} without its short cut. Exported for its test. */
export function libraryText(body: Uint8Array): DecodedBody {
  try {
    return textFromEvents(
      new TypedStreamReader(Buffer.from(body.buffer, body.byteOffset, body.byteLength)),
    );
  } catch (error) {
    // The library checks no bounds itself: reading past the end is a RangeError of Buffer, with a code.
    return failed(error instanceof RangeError && "code" in error ? "truncated" : "damaged");
  }
}

function textFromEvents(reader: TypedStreamReader): DecodedBody {
  let className: string | null = null;
  for (let count = 0; count < MOST_EVENTS; count++) {
    const next = reader.next();
    if (next.done) break;
    const event = next.value;
    if (event instanceof Uint8Array) {
      // The library gives a cut-off string as if it were whole; only reading what must follow shows that it was not.
      reader.next();
      if (reader.next().done) return failed("truncated");
      if (className !== "NSString" && className !== "NSMutableString") break;
      const text = utf8(event);
      return text === null ? failed("not UTF-8") : { ok: true, text };
    }
    if (typeof event !== "object") continue;
    if ("version" in event) className ??= event.name;
    else if ("encodings" in event) {
      const encoding = event.encodings.join("");
      if (encoding.length > LONGEST_ENCODING) return failed("damaged");
      if (encoding === "@") className = null;
    }
  }
  return failed("no text found");
}

function failed(reason: UndecodableReason): DecodedBody {
  return { ok: false, reason };
}
