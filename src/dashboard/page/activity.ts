/** The numbers behind the chart: pure. */
import type { Activity } from "./wire.ts";

export interface Series {
  readonly label: string;
  /** Place in the palette; 0 is the reader. */
  readonly color: number;
  readonly total: number;
  readonly counts: readonly number[];
}

export interface ChartData {
  /** First moment of each bar, milliseconds. */
  readonly starts: readonly number[];
  readonly series: readonly Series[];
}

/** So many people have a colour of their own. */
export const MOST_PEOPLE = 6;

/** The reader first, then who wrote most, then all others together; those without any message are left out. */
export function chartData(activity: Activity, daysPerBar: number): ChartData {
  const { items, contacts, others, sent } = activity;
  const all: Series[] = [
    { label: "You", color: 0, total: sent, counts: items.map((day) => day.sent) },
    ...contacts.map(({ name, total, days }, at) => ({ label: name, color: at + 1, total, counts: days })),
    {
      label: `${others.contacts} ${others.contacts === 1 ? "other" : "others"}`,
      color: MOST_PEOPLE + 1,
      total: others.total,
      counts: others.days,
    },
  ];
  // The newest bar is a whole one: what is left over stands at the beginning.
  const first = items.length % daysPerBar;
  const bars = Math.floor(items.length / daysPerBar);
  const starts = Array.from({ length: bars }, (_, bar) => items[first + bar * daysPerBar]?.start ?? 0);
  const grouped = (counts: readonly number[]) =>
    Array.from({ length: bars }, (_, bar) => sum(counts, first + bar * daysPerBar, daysPerBar));
  return {
    starts,
    series: all.filter(({ total }) => total > 0).map((each) => ({ ...each, counts: grouped(each.counts) })),
  };
}

function sum(counts: readonly number[], from: number, length: number): number {
  let total = 0;
  for (let at = from; at < from + length; at++) total += counts[at] ?? 0;
  return total;
}

/** Each series with all before it added: where its bars end when they stand upon each other. */
export function stacked(series: readonly Series[]): readonly (readonly number[])[] {
  const tops: number[][] = [];
  for (const { counts } of series) {
    const below = tops.at(-1);
    tops.push(counts.map((count, at) => count + (below?.[at] ?? 0)));
  }
  return tops;
}

/** Sums by calendar month, for the table beneath the chart: newest first. */
export function byMonth(activity: Activity): readonly { month: string; sent: number; received: number }[] {
  const months = new Map<string, { month: string; sent: number; received: number }>();
  for (const { date, sent, received } of activity.items) {
    const month = date.slice(0, 7);
    const so = months.get(month) ?? { month, sent: 0, received: 0 };
    months.set(month, { month, sent: so.sent + sent, received: so.received + received });
  }
  return [...months.values()].reverse();
}
