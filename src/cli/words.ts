/** Numbers, sizes and times as people read them, and lines of them under one another. */
import { OPEN_SETTINGS } from "../platform/full_disk_access.ts";

/** `300,000`. */
export function grouped(value: number): string {
  return String(Math.trunc(value)).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** `1 client`, `2 clients`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${grouped(value)} ${value === 1 ? one : many}`;
}

/** `840 ms`, `4.2 s`, `3 min 05 s`, `2 h 10 min`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  const two = (value: number) => String(value).padStart(2, "0");
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  return `${Math.floor(seconds / 3_600)} h ${two(Math.floor(seconds / 60) % 60)} min`;
}

/** `1.4 MB`, in thousands as Finder counts. */
export function size(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** `14:03:11`, local time. */
export function clockTime(at: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** Names in one column, values in the next, folded at `columns` where that is given. */
export function aligned(
  rows: readonly (readonly [name: string, value: string])[],
  columns: number | null = null,
): string {
  const width = Math.max(0, ...rows.map(([name]) => name.length)) + 2;
  const indent = " ".repeat(width);
  return rows.map(([name, value]) => {
    const lines = columns === null ? indent + value : folded(value, indent, Math.max(60, columns));
    return `${name.padEnd(width)}${lines.slice(width)}`.trimEnd() + "\n";
  }).join("");
}

/** Counts under one another, right-aligned, each before its name. */
export function tally(rows: readonly (readonly [count: number, name: string])[]): string {
  const width = Math.max(0, ...rows.map(([count]) => grouped(count).length));
  return rows.map(([count, name]) => `  ${grouped(count).padStart(width)}  ${name}\n`).join("");
}

/** Paragraphs broken at spaces, each line behind `indent`. */
export function wrapped(text: string, indent: string, width: number): string {
  return text.split("\n").map((paragraph) => {
    const lines: string[] = [];
    let line = "";
    for (const word of paragraph.split(" ")) {
      if (line !== "" && indent.length + line.length + 1 + word.length > width) {
        lines.push(indent + line);
        line = word;
      } else {
        line = line === "" ? word : `${line} ${word}`;
      }
    }
    return [...lines, (indent + line).trimEnd()].join("\n");
  }).join("\n");
}

/** As {@link wrapped}, on lines without control characters; what is to be copied, as between backticks, is not broken. */
export function folded(text: string, indent: string, width: number): string {
  const kept = (command: string) => command.replaceAll(" ", "\0");
  const plain = text.replace(/\p{Cc}+/gu, " ").replace(/`[^`]+`/g, kept)
    .replaceAll(OPEN_SETTINGS, kept(OPEN_SETTINGS));
  return wrapped(plain, indent, width).replaceAll("\0", " ");
}
