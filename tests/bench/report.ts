/** What a figure gives, and how it is printed: one row per bound, plain text, 100 columns at most. */

export type Unit = "ms" | "s" | "MB" | "%" | "×" | "/s" | "messages";

export interface Row {
  readonly figure: string;
  readonly measured: number;
  readonly unit: Unit;
  /** The most that it may be; null where there is no bound, only something to know. */
  readonly bound: number | null;
  /** How it came about, or what it is made of. */
  readonly note?: string;
}

/** A measurement that could not be made. */
export interface Failed {
  readonly figure: string;
  readonly reason: string;
}

export function isOver(row: Row): boolean {
  return row.bound !== null && row.measured > row.bound;
}

const WIDTH = 100;
const COLUMNS = [60, 13, 12, 7, 7] as const;

export function renderTable(rows: readonly Row[], failures: readonly Failed[]): string {
  const head = line("figure", "measured", "bound", "ratio", "");
  const body = rows.flatMap((row) => [
    line(
      row.figure,
      inUnit(row.measured, row.unit),
      row.bound === null ? "" : `≤ ${inUnit(row.bound, row.unit)}`,
      row.bound === null || row.bound === 0 ? "" : (row.measured / row.bound).toFixed(2),
      row.bound === null ? "" : isOver(row) ? "over" : "ok",
    ),
    ...row.note === undefined ? [] : wrapped(row.note),
  ]);
  const failed = failures.flatMap(({ figure, reason }) => [
    line(figure, "not measured", "", "", "FAILED"),
    ...wrapped(reason),
  ]);
  return [head, "─".repeat(WIDTH), ...body, ...failed].join("\n");
}

function line(...cells: readonly [string, string, string, string, string]): string {
  const [figure, ...numbers] = cells;
  const right = numbers.map((cell, i) => cell.padStart(COLUMNS[i + 1] ?? 0)).join("");
  return `${figure.padEnd(COLUMNS[0])}${right}`.trimEnd();
}

function inUnit(value: number, unit: Unit): string {
  if (unit === "messages") return String(value);
  const digits = value !== 0 && Math.abs(value) < 10 ? 2 : value < 100 ? 1 : 0;
  return `${Number(value.toFixed(digits))} ${unit}`;
}

function wrapped(note: string): string[] {
  const lines: string[] = [];
  let current = "   ";
  for (const word of note.split(" ")) {
    if (current.length + 1 + word.length > WIDTH) {
      lines.push(current);
      current = "   ";
    }
    current += ` ${word}`;
  }
  return [...lines, current];
}
