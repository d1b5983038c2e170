/** Writes the bytes of Apple's typedstream format: what NSArchiver calls an archive. */
const UTF_8 = new TextEncoder();
const NEW = 0x84;
const NIL = 0x85;
const END_OF_OBJECT = 0x86;
/** Reference 0 is written as the signed byte -110. */
const FIRST_REFERENCE = -110;

/** A class and its superclasses, up to the root: name and version. */
export type ClassChain = readonly (readonly [name: string, version: number])[];

/** One archive being written: its bytes, and the two tables that references count in. */
export class Archive {
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
