/**
 * What the command line has stands in README.md's tables, and the other way round: commands in the first column of a
 * table with a column `command`, flags and variables anywhere in it or in tables with a column `flag`.
 */
import assert from "node:assert/strict";
import { COMMANDS } from "../src/cli/main.ts";
import { SHARED_FLAGS } from "../src/cli/flags.ts";

const readme = Deno.readTextFileSync(new URL("../README.md", import.meta.url));

/** The rows of every table whose head names `column`, the head left out. */
function tableRows(page: string, column: string): string[] {
  const tables = page.split(/\n(?!\|)/).map((part) =>
    part.split("\n").filter((line) => line.startsWith("|"))
  );
  return tables.flatMap(([head = "", _line, ...rows]) => {
    const columns = head.toLowerCase().split("|").map((cell) => cell.trim());
    return columns.includes(column) ? rows : [];
  });
}

function codeIn(rows: readonly string[]): string[] {
  return rows.flatMap((row) => [...row.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code));
}

const commandRows = tableRows(readme, "command");
const flagRows = tableRows(readme, "flag");

function allFlags(): string[] {
  return [...new Set([...SHARED_FLAGS, ...COMMANDS.flatMap(({ flags }) => flags)].map(({ name }) => name))];
}

function compare(what: string, inCode: readonly string[], inReadme: readonly string[]): void {
  const documented = [...new Set(inReadme)].sort();
  assert.deepEqual(documented, [...inCode].sort(), `${what}: README.md (left) and the code (right) differ`);
}

Deno.test("README.md lists every flag when the code has it, and none besides", () => {
  const flags = codeIn([...commandRows, ...flagRows]).flatMap((code) => code.match(/--[a-z][a-z-]*/g) ?? []);
  compare("flags", [...allFlags(), "--help", "--version"], [...flags, "--help", "--version"]);
});

Deno.test("README.md lists every environment variable when the code has it, and none besides", () => {
  const variables = codeIn([...commandRows, ...flagRows]).flatMap((code) =>
    code.match(/\b(?:CHATSTATS_[A-Z_]+|SYNC_[A-Z_]+)\b/g) ?? []
  );
  compare(
    "environment variables",
    SHARED_FLAGS.flatMap(({ variable }) => variable ?? []),
    variables,
  );
});

Deno.test("README.md lists every command when the code has it, and none besides", () => {
  const firstCells = commandRows.map((row) => row.split("|")[1] ?? "");
  const commands = codeIn(firstCells)
    .filter((code) => !code.includes("--"))
    .map((code) => code.split(" ").filter((word) => /^[a-z]+$/.test(word)).join(" "));
  compare("commands", COMMANDS.map(({ name }) => name), commands);
});
