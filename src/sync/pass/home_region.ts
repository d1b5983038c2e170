/** The region of numbers without a country code. */
import type { Connection } from "../../sqlite/sqlite.ts";
import { STATE_KEYS, type StateStore } from "../../store/state.ts";
import { regionOfMostHandles } from "../../people/region.ts";
import { countriesOfHandles } from "./bookkeeping.ts";

export class HomeRegion {
  readonly #db: Connection;
  readonly #state: StateStore;
  #known: string | null;

  /** `configured`: two letters, or null for the region that most handles have. */
  constructor(db: Connection, state: StateStore, configured: string | null) {
    this.#db = db;
    this.#state = state;
    this.#known = configured;
  }

  /** What is configured, or what {@link get} found. */
  get known(): string | null {
    return this.#known;
  }

  /** Null while no handle has a country. The source must be attached. Throws SqliteError. */
  get(): string | null {
    this.#known ??= this.#read();
    return this.#known;
  }

  /** The region is fixed at the first import: with another one, known numbers would become other identifiers. */
  #read(): string | null {
    const kept = this.#state.get(STATE_KEYS.region);
    if (kept !== null) return kept;
    const region = regionOfMostHandles(
      countriesOfHandles(this.#db),
    );
    if (region !== null) this.#state.set(STATE_KEYS.region, region);
    return region;
  }
}
