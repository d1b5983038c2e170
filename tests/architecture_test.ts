/** Keeps the layers of architecture.md: reads every import of src/ and main.ts and fails on an arrow that is not there. */
import assert from "node:assert/strict";
import {
  checkSource,
  findCycle,
  importsOf,
  longFunctions,
  passCallbacks,
  type SourceFile,
  unreadFiles,
  unusedExports,
} from "./support/architecture.ts";

const root = new URL("../", import.meta.url);

function sourceFiles(folder: string): SourceFile[] {
  return [...Deno.readDirSync(new URL(folder, root))].flatMap((entry) => {
    const path = `${folder}${entry.name}`;
    if (entry.isDirectory) return sourceFiles(`${path}/`);
    return /\.tsx?$/.test(path) ? [{ path, text: Deno.readTextFileSync(new URL(path, root)) }] : [];
  });
}

function allFiles(): SourceFile[] {
  return [{ path: "main.ts", text: Deno.readTextFileSync(new URL("main.ts", root)) }, ...sourceFiles("src/")];
}

Deno.test("checkSource() finds nothing when it reads this project's source", () => {
  const files = allFiles();
  assert.ok(files.length > 20);
  assert.deepEqual(files.flatMap(checkSource), []);
});

Deno.test("findCycle() finds none when it reads this project's source", () => {
  assert.equal(findCycle(allFiles()), null);
});

function filesIn(folder: string, kind: RegExp): SourceFile[] {
  return [...Deno.readDirSync(new URL(folder, root))].flatMap((entry) => {
    const path = `${folder}${entry.name}`;
    if (entry.isDirectory) return entry.name === "node_modules" ? [] : filesIn(`${path}/`, kind);
    return kind.test(path) ? [{ path, text: Deno.readTextFileSync(new URL(path, root)) }] : [];
  });
}

Deno.test("unusedExports() finds nothing when it reads this project's source", () => {
  const builders = [...filesIn(".ci/", /\.ts$/), ...filesIn("fixtures/", /\.ts$/)];
  const used = unusedExports([...allFiles(), ...builders], filesIn("tests/", /\.tsx?$/));
  assert.deepEqual(
    used.filter((complaint) => complaint.startsWith("src/") && !complaint.startsWith("src/dashboard/built/")),
    [],
  );
});

Deno.test("unreadFiles() finds nothing when it reads this project's source", () => {
  const paths = filesIn("src/", /\.(?:tsx?|sql)$/).map(({ path }) => path).filter((path) =>
    !/\/built\/|\.d\.ts$/.test(path)
  );
  const readers = [
    ...allFiles(),
    ...filesIn(".ci/", /\.ts$/),
    ...filesIn("fixtures/", /\.ts$/),
    ...filesIn("src/dashboard/page/", /\.json$/),
    { path: "deno.json", text: Deno.readTextFileSync(new URL("deno.json", root)) },
  ];
  const unread = unreadFiles(paths, readers);
  assert.deepEqual(unread.filter((complaint) => !complaint.startsWith("src/dashboard/page/")), []);
});

Deno.test("longFunctions() finds nothing when it reads this project's source", () => {
  assert.deepEqual(allFiles().filter(({ path }) => !path.includes("/built/")).flatMap(longFunctions), []);
});

Deno.test("passCallbacks() finds nothing in what a pass is given to do", () => {
  const path = "src/sync/pass/pass_plan.ts";
  assert.deepEqual(passCallbacks({ path, text: Deno.readTextFileSync(new URL(path, root)) }), []);
});

Deno.test("unusedExports() finds a value that nobody imports, and a type that no export names", () => {
  const used = { path: "src/a.ts", text: `import { one } from "./b.ts";\nvoid one;` };
  const of = (text: string, tests: SourceFile[] = []) =>
    unusedExports([used, { path: "src/b.ts", text }], tests);
  assert.deepEqual(of("export const one = 1;"), []);
  assert.deepEqual(of("export const one = 1;\nexport const two = 2;"), ["src/b.ts: nobody imports two"]);
  assert.deepEqual(of("export interface A {}\nexport function one(a: A) {}"), []);
  assert.deepEqual(of("export interface A {}\nexport const one = 1;"), ["src/b.ts: nobody imports A"]);
  const forTest = "/** Exported for its test. */\nexport const two = 2;\nexport const one = 1;";
  assert.equal(of(forTest).length, 1, "no test imports it");
  assert.deepEqual(
    of(forTest, [{ path: "tests/b_test.ts", text: `import { two } from "../src/b.ts";` }]),
    [],
  );
});

Deno.test("unreadFiles() finds a file that is neither imported nor named", () => {
  const readers = [
    { path: "src/a.ts", text: `import sql from "./a.sql" with { type: "text" };` },
    { path: ".ci/build.ts", text: `"src/worker.ts"` },
  ];
  assert.deepEqual(unreadFiles(["src/a.sql", "src/worker.ts", "src/left.sql"], readers), [
    "src/left.sql: nobody reads it",
  ]);
});

Deno.test("longFunctions() counts functions and methods from head to closing brace", () => {
  const body = (lines: number) => "  x();\n".repeat(lines);
  const of = (text: string) => longFunctions({ path: "src/a.ts", text });
  assert.deepEqual(of(`function a() {\n${body(58)}}\n`), []);
  assert.deepEqual(of(`export async function a() {\n${body(59)}}\n`), ["src/a.ts: a has 61 lines"]);
  assert.deepEqual(of(`function a(\n  b: B,\n): C {\n${body(57)}}\n`), ["src/a.ts: a has 61 lines"]);
  assert.deepEqual(of(`class A {\n  async #b(): Promise<void> {\n${body(59)}  }\n}\n`), [
    "src/a.ts: #b has 61 lines",
  ]);
  assert.deepEqual(of(`class A {\n${body(90)}}\n`), []);
});

Deno.test("passCallbacks() finds a function among what a pass is given to do", () => {
  const of = (text: string) => passCallbacks({ path: "p.ts", text });
  assert.deepEqual(of("interface LivePass {\n  readonly rows: number;\n}"), []);
  assert.equal(of("interface LivePass {\n  readonly tell: (done: X) => void;\n}").length, 1);
  assert.equal(of("interface ImportRest extends A {\n  tell(done: X): void;\n}").length, 1);
});

function complaints(path: string, text: string): string {
  return checkSource({ path, text }).join("\n");
}

Deno.test("checkSource() refuses an import when the layer table has no such arrow", () => {
  const bad: [string, string, RegExp][] = [
    ["src/store/a.ts", `import { x } from "../notify/feed.ts";`, /store may not import notify/],
    ["src/store/a.ts", `import type { X } from "../notify/feed.ts";`, /store may not import notify/],
    ["src/store/a.ts", `export * from "../sync/messages.ts";`, /store may not import sync/],
    ["src/model/a.ts", `import "../platform/clock.ts";`, /model may not import platform/],
    ["src/people/a.ts", `import {\n  a,\n  b,\n} from "../platform/clock.ts";`, /people may not/],
    ["src/config.ts", `import { x } from "./people/x.ts";`, /config may not import people/],
    ["src/cli/run.ts", `import { x } from "../store/x.ts";`, /cli may not import store/],
    ["src/doctor/diagnosis.ts", `import { x } from "../app/app.ts";`, /doctor may not import app/],
    ["src/app/app.ts", `import { x } from "../cli/main.ts";`, /app may not import cli/],
    ["main.ts", `import { x } from "./src/app/app.ts";`, /main may not import app/],
    ["src/sync/a.ts", `import { x } from "../../tests/support/x.ts";`, /outside src/],
    ["src/strange/a.ts", `export const a = 1;`, /strange is not a layer/],
  ];
  for (const [path, text, expected] of bad) assert.match(complaints(path, text), expected, text);
});

Deno.test("checkSource() accepts an import when the layer table has the arrow", () => {
  const good: [string, string][] = [
    [
      "src/store/a.ts",
      `import { x } from "../model/events.ts";\nimport y from "./a.sql" with { type: "text" };`,
    ],
    [
      "src/store/queries/a.ts",
      `import { x } from "../database.ts";\nimport { y } from "../../sqlite/row.ts";`,
    ],
    ["src/app/app.ts", `import { x } from "../notify/feed.ts";\nimport { y } from "../config.ts";`],
    ["src/cli/run.ts", `import { start } from "../app/app.ts";`],
    ["src/sqlite/sqlite_node.ts", `import { DatabaseSync } from "node:sqlite";`],
    ["src/platform/version.ts", `import manifest from "../../deno.json" with { type: "json" };`],
    [
      "src/sync/a.ts",
      `// import { x } from "../cli/main.ts";\nconst text = "Deno.exit in words";\nvoid text;`,
    ],
  ];
  for (const [path, text] of good) assert.equal(complaints(path, text), "", text);
});

Deno.test("checkSource() refuses what only one place may do when another place does it", () => {
  const bad: [string, string, RegExp][] = [
    ["src/store/a.ts", `import { DatabaseSync } from "node:sqlite";`, /node:sqlite/],
    ["src/sqlite/sqlite.ts", `import { Database } from "@db/sqlite";`, /@db\/sqlite/],
    ["src/store/a.ts", `import { x } from "jsr:@std/assert";`, /jsr:/],
    ["src/store/a.ts", `import { x } from "https://example.com/x.ts";`, /https:/],
    ["src/cli/run.ts", `Deno.exit(1);`, /Deno\.exit/],
    ["src/cli/run.ts", `const a = Deno.args;`, /Deno\.args/],
    ["src/cli/run.ts", `const { args } = Deno;`, /Deno\.args/],
    ["src/cli/run.ts", `const m = await import("../app/app.ts");`, /dynamic import/],
    ["src/people/a.ts", `const now = Date.now();`, /clock/],
    ["src/people/a.ts", `Deno.readFileSync("x");`, /Deno/],
    ["src/source/a.ts", `const bytes = Deno.readFileSync(path);`, /opens a file by hand/],
    ["src/watch/a.ts", `Deno.watchFs(folder);`, /opens a file by hand/],
    ["src/store/a.ts", `await Deno.copyFile(database, backup);`, /opens a file by hand/],
    ["src/doctor/diagnosis.ts", `using file = Deno.openSync(database);`, /opens a file by hand/],
    ["src/store/utils/a.ts", `export {};`, /folder named utils/],
    ["src/sync/common/deep/a.ts", `export {};`, /folder named common/],
  ];
  for (const [path, text, expected] of bad) assert.match(complaints(path, text), expected, text);
});

Deno.test("checkSource() refuses SQL that is pasted together when it goes to prepare() or exec()", () => {
  const bad = [
    "db.prepare(`SELECT * FROM messages WHERE id = ${id}`);",
    "this.#db.exec(\n  `DELETE FROM chats\n    WHERE id = '${id}'`,\n);",
    "db.prepare(`SELECT * FROM chats LIMIT ${limit}`);",
    'db.prepare("SELECT * FROM chats WHERE id = " + id);',
  ];
  for (const text of bad) assert.match(complaints("src/store/a.ts", text), /pasted/, text);
  const good = [
    "db.prepare(`SELECT * FROM messages WHERE id = :id`).get({ id });",
    "db.exec(`PRAGMA user_version = ${Math.trunc(version)}`);",
    "db.exec(`PRAGMA journal_size_limit = ${8 * 1024 * 1024}; PRAGMA application_id = ${APPLICATION_ID}`);",
    "db.exec(`DROP TRIGGER temp.${name}`);",
    "db.prepare(`SELECT ROWID FROM ${table} WHERE guid = :guid`);",
    "log(`prepare ${x}`);",
  ];
  for (const text of good) assert.equal(complaints("src/store/a.ts", text), "", text);
});

Deno.test("findCycle() names the files when imports go round", () => {
  const files = [
    { path: "src/sync/a.ts", text: `import { b } from "./b.ts";` },
    { path: "src/sync/b.ts", text: `import type { C } from "./deep/c.ts";` },
    { path: "src/sync/deep/c.ts", text: `export { a } from "../a.ts";` },
    { path: "src/sync/d.ts", text: `import { a } from "./a.ts";` },
  ];
  assert.deepEqual(findCycle(files), [
    "src/sync/a.ts",
    "src/sync/b.ts",
    "src/sync/deep/c.ts",
    "src/sync/a.ts",
  ]);
  assert.equal(findCycle(files.slice(0, 2)), null);
});

Deno.test("importsOf() sees every form of an import when they stand in one file", () => {
  const text = [
    `import a from "./a.ts";`,
    `import type { B } from './b.ts';`,
    `import {\n  c,\n} from "./c.ts";`,
    `export * from "./d.ts";`,
    `export type { E } from "./e.ts";`,
    `import "./f.ts";`,
    `import g from "./g.sql" with { type: "text" };`,
    `import * as h from "h";`,
    `/* import { no } from "./no.ts"; */`,
  ].join("\n");
  assert.deepEqual(importsOf(text), [
    "./a.ts",
    "./b.ts",
    "./c.ts",
    "./d.ts",
    "./e.ts",
    "./f.ts",
    "./g.sql",
    "h",
  ]);
});
