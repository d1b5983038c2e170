/** What the terminal, and whoever set up its environment, can show. Pure. */

export interface TerminalStyle {
  /** False for TERM=dumb: no line rewrites itself. */
  readonly rewrites: boolean;
  readonly colour: boolean;
  /** The locale knows no characters beyond ASCII. */
  readonly ascii: boolean;
}

/** no-color.org; POSIX: the first of LC_ALL, LC_CTYPE and LANG that is set counts. None set: UTF-8, as on a Mac. */
export function terminalStyle(env: Readonly<Record<string, string | undefined>>): TerminalStyle {
  const rewrites = env["TERM"] !== "dumb";
  const locale = env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"] || "";
  return {
    rewrites,
    colour: rewrites && !env["NO_COLOR"],
    ascii: /^(?:C|POSIX)$/.test(locale),
  };
}

/** How we write without what ASCII lacks; anything else that it lacks (names, emoji) becomes a question mark. */
const IN_ASCII: ReadonlyMap<string, string> = new Map([
  ["…", "..."],
  ["→", "->"],
  ["✓", "+"],
  ["✗", "x"],
  ["›", ">"],
  ["–", "-"],
  ["—", "-"],
  ["─", "-"],
  ["█", "#"],
  ["░", "."],
  ["·", "|"],
  ["×", "x"],
  ["≤", "<="],
  ["“", '"'],
  ["”", '"'],
  ["‘", "'"],
  ["’", "'"],
  ["⌘", "Cmd-"],
  ["⇧", "Shift-"],
]);

export function inAscii(text: string): string {
  // JSON can say every character in ASCII.
  if (/^\s*[{[]/.test(text)) return text.replace(/[^\x20-\x7e\s]/g, escaped);
  // Behind a letter it ends what was cut to a width, and must be as wide as it was measured.
  return text.replace(/(?<=\S)…/gu, ".").replace(
    /[^\p{ASCII}]/gu,
    (character) => IN_ASCII.get(character) ?? "?",
  );
}

/** One unit of UTF-16 as JSON writes it. */
function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

const COLOURS = { red: 31, green: 32, cyan: 36 } as const;

export function painted(text: string, colour: keyof typeof COLOURS): string {
  return `\x1b[${COLOURS[colour]}m${text}\x1b[39m`;
}

/** The state at the beginning of the line that rewrites itself. */
export function paintedState(line: string): string {
  return line.replace(/^(?:Live|Importing|Not syncing)\b/, (state) => {
    return painted(state, state === "Live" ? "green" : state === "Importing" ? "cyan" : "red");
  });
}
