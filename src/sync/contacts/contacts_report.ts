/** What the log says of syncs of contacts, each state once. Counts alone: names and numbers are nobody's business. */
import { CONTACTS_INCOMPLETE, STORES_UNREADABLE } from "../../model/status.ts";
import type { Log } from "../../platform/log.ts";
import type { ContactsOutcome } from "./contacts_sync.ts";

export class ContactsReport {
  readonly #log: Log;
  #said = "";
  #saidBroken = 0;

  constructor(log: Log) {
    this.#log = log;
  }

  synced(outcome: ContactsOutcome, durationMs: number): void {
    const broken = outcome.stores.filter((store) =>
      store.state === "failed" || store.state === "needs_permission"
    );
    if (outcome.idle && broken.length === 0) this.#log.debug("Contacts have not changed");
    this.#warn(outcome, broken.length);
    if (outcome.idle) return;
    this.#log.info("Contacts synced", {
      cards_changed: outcome.cardsChanged,
      renamed: outcome.renamed,
      merged: outcome.merged,
      split: outcome.split,
      duration_ms: Math.round(durationMs),
    });
  }

  /** What is not as it should be; a sync that read nothing tells of unreadable stores alone. */
  #warn({ counts, idle, oddValues }: ContactsOutcome, broken: number): void {
    const { ambiguous, unmatched, unusableCards } = counts;
    const odd = idle ? {} : {
      odd_values: oddValues,
      cards_without_identifier: unusableCards,
      identifiers_unknown: unmatched,
      ambiguous,
    };
    const found = Object.entries({ [STORES_UNREADABLE]: broken, ...odd }).filter(([, count]) => count > 0);
    const said = JSON.stringify(found);
    if (idle && (broken === 0 || broken === this.#saidBroken)) return;
    this.#saidBroken = broken;
    if (said === this.#said) return;
    this.#said = said;
    if (found.length > 0) this.#log.warning(CONTACTS_INCOMPLETE, Object.fromEntries(found));
  }
}
