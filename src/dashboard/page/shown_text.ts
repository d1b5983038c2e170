/** Whether the words that people wrote are shown: not before the reader asks, and the choice is remembered. */
import { signal } from "@preact/signals";

const STORED_AS = "chatstats.text";

export class ShownText {
  readonly isShown;

  constructor(private readonly storage: Pick<Storage, "getItem" | "setItem">) {
    this.isShown = signal(storage.getItem(STORED_AS) === "shown");
  }

  toggle(): void {
    this.isShown.value = !this.isShown.value;
    this.storage.setItem(STORED_AS, this.isShown.value ? "shown" : "hidden");
  }
}
