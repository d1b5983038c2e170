/** Reading what was sent: messages as plain records, so that tests can look into them. */
import * as v from "valibot";
import assert from "node:assert/strict";

export const WireMessage = v.looseObject({
  type: v.string(),
  seq: v.optional(v.number()),
  event: v.optional(v.string()),
  code: v.optional(v.string()),
  topics: v.optional(v.array(v.string())),
});
export type WireMessage = v.InferOutput<typeof WireMessage>;

export function parseWire(text: string): WireMessage {
  return v.parse(WireMessage, JSON.parse(text));
}

/** The numbers of the events among the messages, in their order. */
export function seqs(messages: readonly WireMessage[]): number[] {
  return messages.flatMap((message) => message.type === "event" ? [message.seq ?? -1] : []);
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}

/** Fails a test that waits for what never comes, instead of letting it hang. */
export async function within<T>(work: Promise<T>, what: string, limitMs = 8_000): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new assert.AssertionError({ message: `waited too long: ${what}` })),
      limitMs,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves once `condition` holds; looks again whenever `changed()` is called. */
export class Watched {
  #waiting: (() => void)[] = [];

  changed(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }

  until(condition: () => boolean, what: string): Promise<void> {
    const wait = async () => {
      while (!condition()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    };
    return within(wait(), what);
  }
}
