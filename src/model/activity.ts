/** Messages per day: what is asked for, and what comes back in the words of the API. */

export interface ActivityAsk {
  /** How many days, today included; from 1 to {@link MAX_DAYS}. */
  readonly days: number;
  /** IANA name of the zone whose days they are. */
  readonly zone: string;
  /** So many people by themselves and all others together; null: nobody by himself. */
  readonly top: number | null;
}

/** Each number counts messages that are not deleted. */
export interface Activity {
  readonly tz: string;
  /** The oldest day first, none left out. `start` is the day's first moment, milliseconds since 1970. */
  readonly items: readonly {
    readonly date: string;
    readonly start: number;
    readonly sent: number;
    readonly received: number;
  }[];
  /** Always null: all days are there. */
  readonly next: null;
  readonly sent: number;
  readonly received: number;
  /** Who sent most, the most first; `days` belong to `items`. */
  readonly contacts?: readonly ContactActivity[];
  readonly others?: Others;
}

export interface ContactActivity {
  readonly id: number;
  readonly name: string;
  readonly total: number;
  readonly days: readonly number[];
}

/** Everybody else, and messages whose sender the source does not name. */
export interface Others {
  readonly contacts: number;
  readonly total: number;
  readonly days: readonly number[];
}

export const DEFAULT_DAYS = 365;
/** Ten years. */
export const MAX_DAYS = 3_660;
export const DEFAULT_TOP = 8;
export const MAX_TOP = 50;
