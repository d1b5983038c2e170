/**
 * README.md is short, and what the command line has stands in its tables, and the other way round: commands in the first
 * column of the table of commands, flags and variables anywhere in it or in the table of flags. tests/docs/ has the rest.
 */
import assert from "node:assert/strict";
import { COMMANDS } from "../src/cli/main.ts";
import { SHARED_FLAGS } from "../src/cli/flags.ts";
import { codeIn, readPage, tableRows, withoutCodeBlocks } from "./docs/support/pages.ts";

const readme = readPage("README.md");

const lines = (column: string) => tableRows(readme, column).map((cells) => cells.join(" | "));
const commandRows = lines("command");
const flagRows = lines("flag");

function allFlags(): string[] {
  return [...new Set([...SHARED_FLAGS, ...COMMANDS.flatMap(({ flags }) => flags)].map(({ name }) => name))];
}

function compare(what: string, inCode: readonly string[], inReadme: readonly string[]): void {
  const documented = [...new Set(inReadme)].sort();
  assert.deepEqual(documented, [...inCode].sort(), `${what}: README.md (left) and the code (right) differ`);
}

const MOST_WORDS = 1_500;

Deno.test("README.md has at most 1,500 words, code blocks left out", () => {
  const words = withoutCodeBlocks(readme).split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
  assert.ok(words <= MOST_WORDS, `${words} words`);
});

Deno.test("README.md lists every flag when the code has it, and none besides", () => {
  const flags = [...commandRows, ...flagRows].flatMap(codeIn).flatMap((code) =>
    code.match(/--[a-z][a-z-]*/g) ?? []
  );
  compare("flags", [...allFlags(), "--help", "--version"], [...flags, "--help", "--version"]);
});

Deno.test("README.md lists every environment variable when the code has it, and none besides", () => {
  const variables = [...commandRows, ...flagRows].flatMap(codeIn).flatMap((code) =>
    code.match(/\b(?:CHATSTATS_[A-Z_]+|SYNC_[A-Z_]+)\b/g) ?? []
  );
  compare(
    "environment variables",
    SHARED_FLAGS.flatMap(({ variable }) => variable ?? []),
    variables,
  );
});

Deno.test("README.md lists every command when the code has it, and none besides", () => {
  const commands = commandRows.flatMap((row) => codeIn(row.split("|")[0] ?? ""))
    .filter((code) => !code.includes("--"))
    .map((code) => code.split(" ").filter((word) => /^[a-z]+$/.test(word)).join(" "));
  compare("commands", COMMANDS.map(({ name }) => name), commands);
});
