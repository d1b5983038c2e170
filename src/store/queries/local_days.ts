/** Days as people in a time zone have them: 23 or 25 hours long where the clock is put forward or back. */

export interface LocalDay {
  /** `2026-11-22` */
  readonly date: string;
  /** Its first moment, milliseconds since 1970. */
  readonly start: number;
}

export interface LocalDays {
  /** The oldest first. */
  readonly days: readonly LocalDay[];
  /** Where the last one ends, milliseconds since 1970. */
  readonly end: number;
}

/**
 * The last `count` days of a zone, the one that `nowMs` lies in among them; null where `zone` is no IANA name. A day
 * that a zone left out (Samoa's 30 December 2011) begins where it ends.
 */
export function localDays(nowMs: number, count: number, zone: string): LocalDays | null {
  // Temporal takes a date with a zone, and an offset, for a zone as well.
  if (!/^[a-z][\w+/-]{0,63}$/i.test(zone)) return null;
  const today = todayIn(zone, nowMs);
  if (today === null) return null;
  const start = (date: Temporal.PlainDate) => date.toZonedDateTime(zone).epochMilliseconds;
  const days = Array.from({ length: count }, (_, i): LocalDay => {
    const date = today.subtract({ days: count - 1 - i });
    return { date: date.toString(), start: start(date) };
  });
  return { days, end: start(today.add({ days: 1 })) };
}

function todayIn(zone: string, nowMs: number): Temporal.PlainDate | null {
  try {
    return Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(zone).toPlainDate();
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Days of equal length that follow each other. */
export interface DayRun {
  /** Where in the list its first day stands. */
  readonly first: number;
  /** Milliseconds since 1970. */
  readonly start: number;
  /** Of each day, in milliseconds. */
  readonly length: number;
  readonly end: number;
}

/** The days as few runs: a year has about five. In each, a moment's day is a division. */
export function dayRuns({ days, end }: LocalDays): DayRun[] {
  const runs: DayRun[] = [];
  days.forEach(({ start }, i) => {
    const dayEnd = days[i + 1]?.start ?? end;
    const length = dayEnd - start;
    const last = runs.at(-1);
    if (length === 0) return;
    if (last?.length === length && last.end === start && isNextOf(last, i)) {
      runs[runs.length - 1] = { ...last, end: dayEnd };
    } else runs.push({ first: i, start, length, end: dayEnd });
  });
  return runs;
}

/** No day without length lies between. */
function isNextOf(run: DayRun, i: number): boolean {
  return run.first + (run.end - run.start) / run.length === i;
}
