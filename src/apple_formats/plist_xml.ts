/** Reads XML property lists as Apple's programs write them: without namespaces and entities of their own. */
import { BadPlist, MOST_LEVELS, type PlistValue } from "./plist_value.ts";

const UTF_8 = new TextDecoder("utf-8", { fatal: true });

/** Throws {@link BadPlist}: `not a plist` where the bytes don't even begin like one. */
export function readXmlPlist(bytes: Uint8Array): PlistValue {
  if (!/^\uFEFF?\s*<(\?xml|!DOCTYPE plist|plist)/.test(latin1Start(bytes))) throw new BadPlist("not a plist");
  const reader = new XmlPlist(utf8(bytes));
  reader.expect("plist");
  const value = reader.value();
  reader.expect("/plist");
  return value;
}

/** Enough of the bytes to know them by; a BOM comes as three characters and is taken off. */
function latin1Start(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 200)).replace(/^\xEF\xBB\xBF/, "");
}

function utf8(bytes: Uint8Array): string {
  try {
    return UTF_8.decode(bytes);
  } catch {
    throw new BadPlist("damaged");
  }
}

/** A tag with the text before it. `name` has the slash of an end tag. */
interface Tag {
  readonly name: string;
  readonly isEmpty: boolean;
  readonly textBefore: string;
}

class XmlPlist {
  readonly #xml: string;
  #at = 0;
  #level = 0;

  constructor(xml: string) {
    this.#xml = xml;
  }

  expect(name: string): void {
    const tag = this.#element();
    if (tag.name !== name || tag.isEmpty) throw new BadPlist("damaged");
  }

  value(): PlistValue {
    return this.#valueOf(this.#element());
  }

  #valueOf(tag: Tag): PlistValue {
    switch (tag.name) {
      case "true":
      case "false":
        if (!tag.isEmpty) this.expect(`/${tag.name}`);
        return tag.name === "true";
      case "array":
        return this.#array(tag);
      case "dict":
        return this.#dictionary(tag);
    }
    return scalar(tag.name, this.#text(tag));
  }

  #array(tag: Tag): readonly PlistValue[] {
    const values: PlistValue[] = [];
    if (tag.isEmpty) return values;
    this.#enter();
    for (let next = this.#element(); next.name !== "/array"; next = this.#element()) {
      values.push(this.#valueOf(next));
    }
    this.#level--;
    return values;
  }

  #dictionary(tag: Tag): ReadonlyMap<string, PlistValue> {
    const entries = new Map<string, PlistValue>();
    if (tag.isEmpty) return entries;
    this.#enter();
    for (let next = this.#element(); next.name !== "/dict"; next = this.#element()) {
      if (next.name !== "key") throw new BadPlist("damaged");
      entries.set(this.#text(next), this.value());
    }
    this.#level--;
    return entries;
  }

  /** The next tag, where no words may stand before it. */
  #element(): Tag {
    const tag = this.#tag();
    if (tag.textBefore.trim() !== "") throw new BadPlist("damaged");
    return tag;
  }

  #enter(): void {
    if (++this.#level > MOST_LEVELS) throw new BadPlist("damaged");
  }

  #text(tag: Tag): string {
    if (tag.isEmpty) return "";
    const end = this.#tag();
    if (end.name !== `/${tag.name}`) throw new BadPlist("damaged");
    return end.textBefore;
  }

  /** The next tag; what the format has besides (declaration, document type, comments) is passed over. */
  #tag(): Tag {
    let textBefore = "";
    for (;;) {
      const open = this.#xml.indexOf("<", this.#at);
      if (open < 0) throw new BadPlist("damaged");
      textBefore += unescaped(this.#xml.slice(this.#at, open));
      if (this.#xml.startsWith("<!--", open)) this.#upTo("-->", open + 4);
      else if (this.#xml.startsWith("<![CDATA[", open)) textBefore += this.#upTo("]]>", open + 9);
      else {
        const words = this.#upTo(">", open + 1);
        if (words.startsWith("?") || words.startsWith("!")) continue;
        const isEmpty = words.endsWith("/");
        const name = (isEmpty ? words.slice(0, -1) : words).trim().split(/\s/, 1)[0] ?? "";
        return { name, isEmpty, textBefore };
      }
    }
  }

  /** What stands from `start` up to `end`, and goes on behind that. */
  #upTo(end: string, start: number): string {
    const at = this.#xml.indexOf(end, start);
    if (at < 0) throw new BadPlist("damaged");
    this.#at = at + end.length;
    return this.#xml.slice(start, at);
  }
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["lt", "<"],
  ["gt", ">"],
  ["amp", "&"],
  ["quot", '"'],
  ["apos", "'"],
]);

function unescaped(text: string): string {
  if (!text.includes("&")) return text;
  return text.replaceAll(/&([^;&]{0,10});?/g, (entity, name: string) => {
    const character = ENTITIES.get(name) ?? numbered(name);
    if (character === null || !entity.endsWith(";")) throw new BadPlist("damaged");
    return character;
  });
}

/** The character of `#65` or `#x41`. */
function numbered(name: string): string | null {
  if (!/^#(x[0-9a-f]{1,6}|[0-9]{1,7})$/i.test(name)) return null;
  const code = /^#x/i.test(name) ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10);
  return code <= 0x10ffff ? String.fromCodePoint(code) : null;
}

const SECONDS_1970_TO_2001 = 978_307_200;

function scalar(name: string, text: string): PlistValue {
  switch (name) {
    case "string":
      return text;
    case "integer":
      return integer(text.trim());
    case "real":
      return real(text.trim());
    case "date":
      return secondsSince2001(text.trim());
    case "data":
      return data(text);
  }
  throw new BadPlist("damaged");
}

/** 16 bytes are the most that a list holds; longer digits would also take longer than their number to read. */
function integer(digits: string): number | bigint {
  if (!/^[+-]?([0-9]{1,40}|0x[0-9a-f]{1,32})$/i.test(digits)) throw new BadPlist("damaged");
  const isNegative = digits.startsWith("-");
  const magnitude = BigInt(digits.replace(/^[+-]/, ""));
  const value = isNegative ? -magnitude : magnitude;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function real(digits: string): number {
  if (!/^[+-]?[0-9.]{1,400}(e[+-]?[0-9]{1,4})?$/i.test(digits)) throw new BadPlist("damaged");
  return finite(Number(digits));
}

function secondsSince2001(iso: string): number {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/.test(iso)) throw new BadPlist("damaged");
  return finite(Date.parse(iso) / 1000 - SECONDS_1970_TO_2001);
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw new BadPlist("damaged");
  return value;
}

function data(base64: string): Uint8Array {
  try {
    return Uint8Array.fromBase64(base64);
  } catch {
    throw new BadPlist("damaged");
  }
}
