/** Times, counts and sizes in the reader's own zone and way of writing; whole words are English. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export class Words {
  readonly #clock: Intl.DateTimeFormat;
  readonly #clockWithSeconds: Intl.DateTimeFormat;
  readonly #weekday: Intl.DateTimeFormat;
  readonly #date: Intl.DateTimeFormat;
  readonly #dateWithYear: Intl.DateTimeFormat;
  readonly #full: Intl.DateTimeFormat;
  readonly #number: Intl.NumberFormat;

  /** Default: the browser's languages and zone. */
  constructor(locales?: readonly string[], timeZone?: string) {
    const zone = timeZone === undefined ? {} : { timeZone };
    const format = (options: Intl.DateTimeFormatOptions) =>
      new Intl.DateTimeFormat(locales?.slice(), { ...options, ...zone });
    this.#clock = format({ hour: "numeric", minute: "2-digit" });
    this.#clockWithSeconds = format({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
    this.#weekday = format({ weekday: "short", hour: "numeric", minute: "2-digit" });
    this.#date = format({ day: "numeric", month: "short" });
    this.#dateWithYear = format({ day: "numeric", month: "short", year: "numeric" });
    this.#full = format({ dateStyle: "full", timeStyle: "medium" });
    this.#number = new Intl.NumberFormat(locales?.slice());
  }

  /** With seconds: for what is happening now. */
  clock(ms: number): string {
    return this.#clockWithSeconds.format(ms);
  }

  minute(ms: number): string {
    return this.#clock.format(ms);
  }

  full(ms: number): string {
    return this.#full.format(ms);
  }

  date(ms: number): string {
    return this.#dateWithYear.format(ms);
  }

  /** As short as it can be understood: the hour today, the weekday this week, else the date. */
  brief(ms: number, nowMs: number): string {
    const age = nowMs - ms;
    if (age < DAY_MS && this.#date.format(ms) === this.#date.format(nowMs)) return this.#clock.format(ms);
    if (age < 6 * DAY_MS && age >= 0) return this.#weekday.format(ms);
    return (age < 330 * DAY_MS ? this.#date : this.#dateWithYear).format(ms);
  }

  /** "now", "5 s ago", "3 min ago", "2 days ago": words are English, as everywhere on the page. */
  ago(ms: number, nowMs: number): string {
    const age = Math.max(0, nowMs - ms);
    const whole = (unitMs: number) => this.count(Math.floor(age / unitMs));
    if (age < 1_000) return "now";
    if (age < MINUTE_MS) return `${whole(1_000)} s ago`;
    if (age < HOUR_MS) return `${whole(MINUTE_MS)} min ago`;
    if (age < DAY_MS) return `${whole(HOUR_MS)} h ago`;
    return age < 2 * DAY_MS ? "yesterday" : `${whole(DAY_MS)} days ago`;
  }

  count(value: number): string {
    return this.#number.format(value);
  }

  size(bytes: number): string {
    const units = ["kB", "MB", "GB"];
    let value = bytes / 1_000;
    let unit = 0;
    while (value >= 999.5 && unit < units.length - 1) {
      value /= 1_000;
      unit++;
    }
    const shown = this.#number.format(Number(value.toPrecision(value < 10 ? 2 : 3)));
    return `${shown} ${units[unit]}`;
  }

  /** A delay: whole milliseconds, or seconds with one digit. */
  delay(ms: number): string {
    return ms < 1_000
      ? `${Math.max(1, Math.round(ms))} ms`
      : `${this.#number.format(Math.round(ms / 100) / 10)} s`;
  }
}

/** "1 message", "2 messages". */
export function counted(words: Words, count: number, one: string, many = `${one}s`): string {
  return `${words.count(count)} ${count === 1 ? one : many}`;
}
