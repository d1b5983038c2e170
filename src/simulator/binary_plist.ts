/**
 * Writes binary property lists, as `message_summary_info` holds them: dictionaries with text keys, arrays, text,
 * integers, reals, booleans and bytes. The format: Apple's CFBinaryPList.c.
 */
export type PlistValue =
  | boolean
  | string
  | bigint
  | Uint8Array
  /** Written as a real; whole numbers are given as BigInt. */
  | number
  | readonly PlistValue[]
  | { readonly [key: string]: PlistValue };

export function encodeBinaryPlist(root: PlistValue): Uint8Array {
  const objects: PlistObject[] = [];
  collect(root, objects);
  const referenceSize = objects.length < 256 ? 1 : 2;
  const bytes: number[] = [...new TextEncoder().encode("bplist00")];
  const offsets: number[] = [];
  for (const object of objects) {
    offsets.push(bytes.length);
    for (const byte of object.head) bytes.push(byte);
    for (const reference of object.references) pushBigEndian(bytes, BigInt(reference), referenceSize);
  }
  const tableStart = bytes.length;
  for (const offset of offsets) pushBigEndian(bytes, BigInt(offset), 4);
  bytes.push(0, 0, 0, 0, 0, 0, 4, referenceSize);
  pushBigEndian(bytes, BigInt(objects.length), 8);
  pushBigEndian(bytes, 0n, 8);
  pushBigEndian(bytes, BigInt(tableStart), 8);
  return Uint8Array.from(bytes);
}

interface PlistObject {
  readonly head: readonly number[];
  readonly references: number[];
}

/** Adds `value` and all that it holds to `objects`; gives its number there. */
function collect(value: PlistValue, objects: PlistObject[]): number {
  const index = objects.length;
  if (typeof value !== "object" || value instanceof Uint8Array) {
    objects.push({ head: scalar(value), references: [] });
    return index;
  }
  const isArray = isList(value);
  const size = isArray ? value.length : Object.keys(value).length;
  const object: PlistObject = { head: marker(isArray ? 0xa0 : 0xd0, size), references: [] };
  objects.push(object);
  if (isArray) {
    for (const item of value) object.references.push(collect(item, objects));
  } else {
    for (const key of Object.keys(value)) object.references.push(collect(key, objects));
    for (const item of Object.values(value)) object.references.push(collect(item, objects));
  }
  return index;
}

/** `Array.isArray` does not tell a readonly array from a record. */
function isList(
  value: readonly PlistValue[] | { readonly [key: string]: PlistValue },
): value is readonly PlistValue[] {
  return Array.isArray(value);
}

function scalar(value: boolean | string | bigint | number | Uint8Array): number[] {
  if (typeof value === "boolean") return [value ? 0x09 : 0x08];
  if (typeof value === "bigint") return integer(value);
  if (typeof value === "number") {
    const real = new DataView(new ArrayBuffer(8));
    real.setFloat64(0, value);
    return [0x23, ...new Uint8Array(real.buffer)];
  }
  if (value instanceof Uint8Array) return [...marker(0x40, value.length), ...value];
  const units = Array.from({ length: value.length }, (_, i) => value.charCodeAt(i));
  if (units.every((unit) => unit < 0x80)) return [...marker(0x50, units.length), ...units];
  return [...marker(0x60, units.length), ...units.flatMap((unit) => [unit >> 8, unit & 0xff])];
}

function marker(kind: number, size: number): number[] {
  return size < 15 ? [kind | size] : [kind | 15, ...integer(BigInt(size))];
}

function integer(value: bigint): number[] {
  const bytes: number[] = [];
  // One, two and four bytes are read unsigned, eight signed.
  const log2 = value < 0n || value > 0xffff_ffffn ? 3 : value > 0xffffn ? 2 : value > 0xffn ? 1 : 0;
  pushBigEndian(bytes, BigInt.asUintN(64, value), 2 ** log2);
  return [0x10 | log2, ...bytes];
}

function pushBigEndian(bytes: number[], value: bigint, size: number): void {
  for (let i = size - 1; i >= 0; i--) bytes.push(Number((value >> BigInt(8 * i)) & 0xffn));
}
