/** Lays out the demo's lines for a terminal of any width. Pure. */

export interface DemoLine {
  /** `14:03:11`. */
  readonly time: string;
  readonly chat: string;
  readonly text: string;
  /** From Messages' write to our client; null where it can't be told. */
  readonly ms: number | null;
}

const TIME = 8;
const CHAT = 16;
const MS = 7;
const GAP = "  ";

export function headingLine(columns: number): string {
  return row("Time", "Chat", "What reached the client", "After", textWidth(columns));
}

/** The text goes on below itself where it is too long; the milliseconds stand on the first line. */
export function demoLine(line: DemoLine, columns: number): string {
  const width = textWidth(columns);
  const [first = "", ...rest] = wrapToWidth(line.text.replace(/\s+/g, " "), width);
  const ms = line.ms === null ? "" : `${line.ms} ms`;
  return [
    row(line.time, clip(line.chat, CHAT), first, ms, width),
    ...rest.map((text) => row("", "", text, "", width)),
  ].join("\n");
}

function textWidth(columns: number): number {
  return Math.max(20, Math.min(columns, 120) - 1 - TIME - CHAT - MS - 3 * GAP.length);
}

function row(time: string, chat: string, text: string, ms: string, width: number): string {
  return [pad(time, TIME), pad(chat, CHAT), pad(text, width), ms.padStart(MS)].join(GAP).trimEnd();
}

/** Columns that a terminal uses: two for emoji and East Asian wide characters. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) width += isWide(segment) ? 2 : 1;
  return width;
}

function isWide(grapheme: string): boolean {
  return /\p{Emoji_Presentation}|\uFE0F|[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60]/u
    .test(grapheme);
}

function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - displayWidth(text)));
}

/** Cut so that it fits, with `…` at the end. */
export function clip(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let cut = "";
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (displayWidth(cut + segment) > width - 1) break;
    cut += segment;
  }
  return `${cut.trimEnd()}…`;
}

/** Broken at spaces; a word that is longer than a line is cut. */
function wrapToWidth(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (displayWidth(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    line = clip(word, width);
  }
  return [...lines, line];
}
