/**
 * `struct kevent` as bytes, on 64-bit macOS (and in the libraries that imitate it elsewhere):
 *
 *   0 ident u64 · 8 filter i16 · 10 flags u16 · 12 fflags u32 · 16 data i64 · 24 udata u64, little-endian, 32 bytes
 */

/** One change of what is watched, or one event. The 64-bit fields are exact up to 2^53 - 1, far above what we put in. */
export interface Kevent {
  /** What is watched: for `EVFILT_VNODE` a descriptor. */
  readonly ident: number;
  readonly filter: number;
  readonly flags: number;
  /** Flags of the filter's own. */
  readonly fflags: number;
  readonly data: number;
  /** Comes back with the event as it was given. */
  readonly udata: number;
}

export const KEVENT_BYTES = 32;

export const EVFILT_VNODE = -4;

export const EV_ADD = 0x1;
export const EV_DELETE = 0x2;
/** Events that came meanwhile become one, and reading it clears it. */
export const EV_CLEAR = 0x20;
export const EV_ERROR = 0x4000;

/** What EVFILT_VNODE tells. */
export const NOTE_DELETE = 0x1;
export const NOTE_WRITE = 0x2;
export const NOTE_EXTEND = 0x4;
export const NOTE_RENAME = 0x20;
/** The volume was taken away. */
export const NOTE_REVOKE = 0x40;

/** Makes an EVFILT_USER event happen. */
export const NOTE_TRIGGER = 0x0100_0000;

export function encodeKevent(event: Kevent): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(KEVENT_BYTES);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(event.ident), true);
  view.setInt16(8, event.filter, true);
  view.setUint16(10, event.flags, true);
  view.setUint32(12, event.fflags, true);
  view.setBigInt64(16, BigInt(event.data), true);
  view.setBigUint64(24, BigInt(event.udata), true);
  return bytes;
}

/** The first `count` events. Throws a RangeError when there are fewer bytes. */
export function decodeKevents(bytes: Uint8Array, count: number): Kevent[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: count }, (_, index) => {
    const at = index * KEVENT_BYTES;
    return {
      ident: Number(view.getBigUint64(at, true)),
      filter: view.getInt16(at + 8, true),
      flags: view.getUint16(at + 10, true),
      fflags: view.getUint32(at + 12, true),
      data: Number(view.getBigInt64(at + 16, true)),
      udata: Number(view.getBigUint64(at + 24, true)),
    };
  });
}
