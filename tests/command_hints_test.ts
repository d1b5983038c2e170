/**
 * A hint that names a command gives the whole line to type (platform/command_line.ts), so no message has a command's bare
 * name between backticks, nor the program's bare name before one.
 */
import assert from "node:assert/strict";
import { COMMANDS } from "../src/cli/main.ts";

const WORDS = [...new Set(COMMANDS.flatMap(({ name }) => [name, name.split(" ")[0] ?? name]))];
const NAMED = new RegExp(
  `\\\\?\`(?:${WORDS.join("|")})(?: [^\`]*?)?\\\\?\`|chatstats-live-sync (?:${WORDS.join("|")})\\b`,
);

function sourcesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    if (isDirectory) return name === "built" ? [] : sourcesIn(`${folder}${name}/`);
    return /\.tsx?$/.test(name) ? [folder + name] : [];
  });
}

Deno.test("no message names a command that can't be typed as it stands", () => {
  const found: string[] = [];
  for (const path of sourcesIn(new URL("../src/", import.meta.url).pathname)) {
    // Its title, which is no hint.
    if (path.endsWith("/demo/screen.ts")) continue;
    Deno.readTextFileSync(path).split("\n").forEach((line, at) => {
      // Comments may: their readers know the program's parts.
      if (/^\s*(?:\*|\/\*|\/\/)/.test(line)) return;
      if (NAMED.test(line)) found.push(`${path}:${at + 1}: ${line.trim()}`);
    });
  }
  assert.deepEqual(found, []);
});
