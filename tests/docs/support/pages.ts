/** The documents as text: their headings, links, tables and code. Pure, but for reading them. */

const ROOT = new URL("../../../", import.meta.url);

/** Documents for users and clients, by path from the root. */
export const PAGES: readonly string[] = [
  "README.md",
  ".github/RELEASING.md",
  "fixtures/electron/README.md",
  "src/README.md",
  "src/doctor/CHECKS.md",
  "src/notify/PROTOCOL.md",
  "src/store/SCHEMA.md",
  "tests/bench/RESULTS.md",
];

export function readPage(path: string): string {
  return Deno.readTextFileSync(new URL(path, ROOT));
}

export function withoutCodeBlocks(page: string): string {
  return page.replace(/^ *```[\s\S]*?^ *```$/gm, "");
}

/** The code blocks of one language, in their order. */
export function codeBlocks(page: string, language: string): string[] {
  return [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)]
    .filter(([, told]) => told === language)
    .map(([, , code = ""]) => code);
}

/** The text below a heading, up to the next one of any level; throws where there is no such heading. */
export function section(page: string, heading: string): string {
  const start = `\n${page}`.indexOf(`\n${heading}\n`);
  if (start < 0) throw new Error(`no heading ${heading}`);
  const body = page.slice(start + heading.length + 1);
  const end = body.search(/^#{1,6} /m);
  return end < 0 ? body : body.slice(0, end);
}

/** Rows of the table whose head begins with `column`, cells trimmed; the head left out. */
export function tableRows(text: string, column: string): string[][] {
  const tables = text.split(/\n(?!\|)/).map((part) =>
    part.split("\n").filter((line) => line.startsWith("|")).map(cells)
  );
  return tables.flatMap(([head = [], _line, ...rows]) => head[0] === column ? rows : []);
}

function cells(line: string): string[] {
  return line.split("|").slice(1, -1).map((cell) => cell.trim());
}

export function codeIn(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
}

/** The names that GitHub gives to the headings of a page. */
export function anchors(page: string): ReadonlySet<string> {
  const headings = [...withoutCodeBlocks(page).matchAll(/^#{1,6} (.+)$/gm)].map(([, text = ""]) => text);
  return new Set(
    headings.map((text) => text.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-")),
  );
}

export interface Link {
  readonly path: string;
  /** Without `#`; empty where the whole page is meant. */
  readonly anchor: string;
}

/** Links to files of the project, from Markdown and HTML, as the page writes them. */
export function links(page: string): Link[] {
  const text = withoutCodeBlocks(page);
  const targets = [
    ...[...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target),
    ...[...text.matchAll(/(?:src|srcset|href)="([^"]+)"/g)].map(([, target = ""]) => target),
  ];
  return targets.filter((target) => !/^[a-z]+:/.test(target)).map((target) => {
    const [path = "", anchor = ""] = target.split("#");
    return { path, anchor };
  });
}
