/** Draws the messages of a year as bars that stand upon each other, one colour for each person. */
import uPlot from "uplot";
import { type ChartData, stacked } from "./activity.ts";
import type { Words } from "./times.ts";

export interface ChartLook {
  readonly colors: readonly string[];
  readonly ink: string;
  readonly grid: string;
}

/** The colours of the theme in force, as the style sheet has them. */
export function chartLook(element: HTMLElement): ChartLook {
  // A custom property is not computed: only an element that has the colour tells it.
  const probe = element.appendChild(document.createElement("span"));
  const named = (name: string) => {
    probe.className = name;
    return getComputedStyle(probe).backgroundColor;
  };
  const look = {
    colors: Array.from({ length: 8 }, (_, at) => named(`series-${at}`)),
    ink: named("chart-ink"),
    grid: named("chart-grid"),
  };
  probe.remove();
  return look;
}

export interface ChartOptions {
  readonly data: ChartData;
  readonly look: ChartLook;
  readonly words: Words;
  readonly width: number;
  readonly height: number;
  /** The pointer stands on this bar; null when it left. */
  onPoint(bar: number | null): void;
}

const FONT = "11px system-ui, sans-serif";

/** Puts the chart into `place`; `destroy()` takes it away. */
export function drawChart(place: HTMLElement, options: ChartOptions): uPlot {
  const { data, look, words, width, height } = options;
  const tops = stacked(data.series);
  const bars = uPlot.paths.bars?.({ size: [0.8, 24], align: 0 });
  // The tallest first, so that each lower one stands before it.
  const order = data.series.map((_, at) => at).reverse();
  const axis = { stroke: look.ink, font: FONT, ticks: { show: false }, border: { show: false } };
  return new uPlot(
    {
      width,
      height,
      // On the right there is room for half the name of a month that has just begun.
      padding: [8, 28, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
      scales: { y: { range: (_, __, most) => [0, Math.max(4, most * 1.05)] } },
      axes: [
        { ...axis, grid: { show: false }, size: 24, space: 60, values: (_, splits) => monthNames(splits) },
        {
          ...axis,
          grid: { stroke: look.grid, width: 1 },
          size: 44,
          space: 30,
          incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000],
          values: (_, splits) => splits.map((split) => words.count(split)),
        },
      ],
      series: [
        {},
        ...order.map((at) => ({
          label: data.series[at]?.label ?? "",
          fill: look.colors[data.series[at]?.color ?? 0] ?? look.ink,
          width: 0,
          points: { show: false },
          ...bars === undefined ? {} : { paths: bars },
        })),
      ],
      hooks: { setCursor: [({ cursor }) => options.onPoint(cursor.idx ?? null)] },
    },
    [data.starts.map((ms) => ms / 1_000), ...order.map((at) => tops[at]?.slice() ?? [])],
    place,
  );
}

/** The month where one begins, the day elsewhere; with the year in January. */
function monthNames(splits: readonly number[]): string[] {
  const month = new Intl.DateTimeFormat(undefined, { month: "short" });
  const year = new Intl.DateTimeFormat(undefined, { month: "short", year: "numeric" });
  const day = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric" });
  return splits.map((seconds) => {
    const date = new Date(seconds * 1_000);
    if (date.getDate() !== 1) return day.format(date);
    return (date.getMonth() === 0 ? year : month).format(date);
  });
}
