/** Messages per day over a year, by person: as a chart, and as a table for whoever does not see it. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { byMonth, type ChartData, chartData } from "../activity.ts";
import { chartLook, drawChart } from "../chart.ts";
import type { PageState } from "../page_state.ts";
import { counted, type Words } from "../times.ts";
import type { Activity } from "../wire.ts";

/** Narrower than this, a day would be no wider than a pixel: then a bar is a week. */
const DAYS_FROM_WIDTH = 640;
const HEIGHT = 164;

export function ActivityPanel({ page }: { readonly page: PageState }) {
  const activity = page.activity.value;
  return (
    <section class="panel" id="activity" aria-labelledby="activity-title">
      {activity ? <Year activity={activity} words={page.words} /> : <Heading note="" />}
    </section>
  );
}

function Heading({ note }: { readonly note: string }) {
  return (
    <div class="panel-head">
      <h2 id="activity-title">Messages in the last year</h2>
      <p class="quiet" id="activity-note">{note}</p>
    </div>
  );
}

function Year({ activity, words }: { readonly activity: Activity; readonly words: Words }) {
  const point = useSignal<string | null>(null);
  const only = useSignal<string | null>(null);
  const all = chartData(activity, 1);
  const total = `${counted(words, activity.sent, "message")} sent, ${
    words.count(activity.received)
  } received`;
  return (
    <>
      <Heading note={point.value ?? total} />
      <div class="year">
        <Chart
          activity={activity}
          only={only.value}
          words={words}
          onPoint={(text) => point.value = text}
        />
        <ul class="legend" aria-label="By person">
          {all.series.map(({ label, color, total }) => (
            <li key={label}>
              <button
                type="button"
                aria-pressed={only.value === label}
                onClick={() => only.value = only.value === label ? null : label}
              >
                <span class={`swatch series-${color}`} aria-hidden="true" />
                <span class="name">{label}</span>
                <span class="count">{words.count(total)}</span>
              </button>
            </li>
          ))}
        </ul>
      </div>
      <Table activity={activity} words={words} />
    </>
  );
}

interface ChartProps {
  readonly activity: Activity;
  readonly words: Words;
  /** The label of the one person that is shown; null: all. */
  readonly only: string | null;
  onPoint(text: string | null): void;
}

function Chart({ activity, words, only, onPoint }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const theme = useTheme();
  useEffect(() => {
    const element = place.current;
    if (!element || width < 50) return;
    const days = width < DAYS_FROM_WIDTH ? 7 : 1;
    const data = chosen(chartData(activity, days), only);
    const chart = drawChart(element, {
      data,
      words,
      look: chartLook(element),
      width,
      height: HEIGHT,
      onPoint: (bar) => onPoint(bar === null ? null : pointWords(data, bar, words, days)),
    });
    return () => chart.destroy();
  }, [activity, width, theme, only]);
  return (
    <div
      ref={place}
      class="chart"
      role="img"
      aria-label="Messages per day; the table below has the numbers"
    />
  );
}

function chosen(data: ChartData, only: string | null): ChartData {
  return only === null ? data : { ...data, series: data.series.filter(({ label }) => label === only) };
}

function pointWords({ starts, series }: ChartData, bar: number, words: Words, days: number): string {
  const of = series.map(({ label, counts }) => ({ label, count: counts[bar] ?? 0 })).filter(({ count }) =>
    count > 0
  );
  const date = `${days > 1 ? "Week of " : ""}${words.date(starts[bar] ?? 0)}`;
  const parts = of.map(({ label, count }) => `${label} ${words.count(count)}`);
  return `${date}: ${parts.length === 0 ? "none" : parts.join(", ")}`;
}

/** The width of an element, followed. */
function useWidth(place: { readonly current: HTMLElement | null }): number {
  const width = useSignal(0);
  useEffect(() => {
    if (!place.current) return;
    const observer = new ResizeObserver(([entry]) => width.value = Math.floor(entry?.contentRect.width ?? 0));
    observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  return width.value;
}

/** Another value when the system's theme is another: colours of the canvas do not follow by themselves. */
function useTheme(): boolean {
  const isDark = useSignal(matchMedia("(prefers-color-scheme: dark)").matches);
  useEffect(() => {
    const query = matchMedia("(prefers-color-scheme: dark)");
    const follow = () => isDark.value = query.matches;
    query.addEventListener("change", follow);
    return () => query.removeEventListener("change", follow);
  }, []);
  return isDark.value;
}

function Table({ activity, words }: { readonly activity: Activity; readonly words: Words }) {
  return (
    <details class="numbers">
      <summary>Numbers by month</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">Month</th>
            <th scope="col">Sent</th>
            <th scope="col">Received</th>
          </tr>
        </thead>
        <tbody>
          {byMonth(activity).map(({ month, sent, received }) => (
            <tr key={month}>
              <th scope="row">{month}</th>
              <td>{words.count(sent)}</td>
              <td>{words.count(received)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
