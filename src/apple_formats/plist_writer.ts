/** Writes XML property lists, as launchd and LaunchServices read them. Pure. */

/** What we write of what a list can hold; keys stand in the order in which they are given. */
export type WritablePlist = string | boolean | number | readonly WritablePlist[] | WritableDict;
/** An interface, as a type can't name itself through `Record`. */
export interface WritableDict {
  readonly [key: string]: WritablePlist;
}

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n' +
  '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n';

/** The whole file. Numbers are whole ones. Throws RangeError for a text that XML can't hold. */
export function xmlPlist(root: WritableDict): string {
  return `${HEAD}<plist version="1.0">\n${lines(root).join("\n")}\n</plist>\n`;
}

/** Whether XML can hold it: a control character can't stand there in any spelling. */
export function isPlistText(text: string): boolean {
  return !/\p{Cc}|[\uFFFE\uFFFF]/u.test(text) && text.isWellFormed();
}

function lines(value: WritablePlist): string[] {
  if (typeof value === "string") return [`<string>${escaped(value)}</string>`];
  if (typeof value === "boolean") return [`<${value}/>`];
  if (typeof value === "number") return [`<integer>${value}</integer>`];
  if (isList(value)) return ["<array>", ...value.flatMap(lines).map(indented), "</array>"];
  const entries = Object.entries(value).flatMap(([key, each]) => [
    `<key>${escaped(key)}</key>`,
    ...lines(each),
  ]);
  return ["<dict>", ...entries.map(indented), "</dict>"];
}

/** `Array.isArray` does not tell a readonly array from a dictionary. */
function isList(value: readonly WritablePlist[] | WritableDict): value is readonly WritablePlist[] {
  return Array.isArray(value);
}

function indented(line: string): string {
  return `\t${line}`;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

function escaped(text: string): string {
  if (!isPlistText(text)) {
    throw new RangeError("Cannot write this character into a property list");
  }
  return text.replace(/[&<>]/g, (character) => ENTITIES[character] ?? character);
}
