/** The words that conversations are written in. */
import type { HappeningKind, TapbackKind } from "../operations/inputs.ts";
import type { PersonKey } from "../people.ts";

export type Speaker = PersonKey | "me";

export interface SharedFile {
  readonly name: string;
  readonly mimeType: string;
  readonly uti: string;
  readonly bytes: number;
}

export type Line =
  | {
    readonly kind: "say";
    readonly who: Speaker;
    readonly text: string;
    /** By which later lines of the scene speak of this one. */
    readonly label: string | undefined;
    /** Label of the line that this one replies to inline. */
    readonly replyTo?: string;
    readonly file?: SharedFile;
    /** Sent as SMS, to the other chat with the same address. */
    readonly isSms?: boolean;
  }
  | {
    readonly kind: "react" | "unreact";
    readonly who: Speaker;
    readonly to: string;
    readonly tapback: TapbackKind;
    readonly emoji?: string;
  }
  | {
    readonly kind: "happen";
    readonly who: Speaker;
    readonly what: HappeningKind;
    readonly member?: PersonKey;
    readonly title?: string;
  }
  | { readonly kind: "edit"; readonly to: string; readonly text: string }
  | { readonly kind: "unsend"; readonly to: string }
  | { readonly kind: "pause"; readonly seconds: number };

export interface Group {
  /** Undefined: nobody gave it a name. */
  readonly name?: string;
  readonly members: readonly PersonKey[];
}

/** Something that is talked about in one chat, from its first line to its last. */
export interface Scene {
  readonly about: string;
  readonly chat: { readonly person: PersonKey } | { readonly group: Group };
  readonly lines: readonly Line[];
}

export function say(who: Speaker, text: string, label?: string): Line {
  return { kind: "say", who, text, label };
}

export function reply(who: Speaker, replyTo: string, text: string, label?: string): Line {
  return { kind: "say", who, text, label, replyTo };
}

export function sms(who: Speaker, text: string, label?: string): Line {
  return { kind: "say", who, text, label, isSms: true };
}

export function photo(who: Speaker, name: string, text: string, label?: string): Line {
  const file = { name, mimeType: "image/heic", uti: "public.heic", bytes: 900_000 + 37_911 * name.length };
  return { kind: "say", who, text, label, file };
}

export function pdf(who: Speaker, name: string, text: string, label?: string): Line {
  const file = {
    name,
    mimeType: "application/pdf",
    uti: "com.adobe.pdf",
    bytes: 80_000 + 3_407 * name.length,
  };
  return { kind: "say", who, text, label, file };
}

export function react(who: Speaker, to: string, tapback: TapbackKind): Line {
  return { kind: "react", who, to, tapback };
}

export function emoji(who: Speaker, to: string, symbol: string): Line {
  return { kind: "react", who, to, tapback: "emoji", emoji: symbol };
}

export function unreact(who: Speaker, to: string, tapback: TapbackKind): Line {
  return { kind: "unreact", who, to, tapback };
}

export function happen(
  who: Speaker,
  what: HappeningKind,
  details: { readonly member?: PersonKey; readonly title?: string } = {},
): Line {
  return { kind: "happen", who, what, ...details };
}

export function edit(to: string, text: string): Line {
  return { kind: "edit", to, text };
}

export function unsend(to: string): Line {
  return { kind: "unsend", to };
}

export function pause(seconds: number): Line {
  return { kind: "pause", seconds };
}
