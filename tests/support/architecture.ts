/** The rules that architecture_test.ts applies, as pure functions of a file's path and text. */

export interface SourceFile {
  /** From the project's root: `src/store/database.ts`. */
  readonly path: string;
  readonly text: string;
}

const BESIDE = ["model", "platform", "sqlite", "apple_formats", "people"];
const DEEP = [...BESIDE, "watch", "source", "store", "notify", "dashboard", "launchd", "simulator", "sync"];

/** Who may import whom; within its own folder every layer may. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  model: [],
  apple_formats: ["model"],
  people: ["model"],
  platform: ["model"],
  sqlite: ["model", "platform"],
  config: ["model", "platform"],
  watch: BESIDE,
  source: BESIDE,
  store: BESIDE,
  notify: BESIDE,
  dashboard: BESIDE,
  launchd: BESIDE,
  simulator: BESIDE,
  sync: [...BESIDE, "source", "store"],
  app: [...DEEP, "config"],
  doctor: [...DEEP, "config"],
  // sqlite: the demo reads names from its own throw-away database.
  cli: ["app", "doctor", "config", "simulator", "launchd", "platform", "sqlite", "model"],
  main: ["cli"],
};

/** Layers that touch nothing: bytes and values in, values out. */
const PURE = ["apple_formats", "people"];

/** The one place of each driver; both are reached through src/sqlite/sqlite.ts. */
const DRIVERS: Readonly<Record<string, string>> = {
  "node:sqlite": "src/sqlite/sqlite_node.ts",
  "@db/sqlite": "src/sqlite/sqlite_ffi.ts",
};

/**
 * Who may open files by any way but SQLite, and which. Closing any descriptor of a database or a -shm drops all the locks
 * that SQLite holds on it for this process, so nobody opens one of those.
 */
const OPENS_FILES: ReadonlyMap<string, string> = new Map([
  ["src/watch/file_events.ts", "the -wal, which carries no locks"],
  ["src/watch/wal_file.ts", "the -wal, which carries no locks"],
  ["src/platform/volume.ts", "/proc/self/mountinfo"],
  ["src/platform/instance.ts", ".lock"],
  ["src/platform/instance_file.ts", "instance.json"],
  ["src/store/backup.ts", "a backup, before SQLite opened it and after it was closed"],
  ["src/launchd/files.ts", "the plist, the log, the copy of the binary"],
  ["src/launchd/agent.ts", "the plist"],
  ["src/cli/demo/folder.ts", "the lock of the demo's folder"],
  ["src/dashboard/page/build.ts", "the page's sources and what is made of them, at build time alone"],
  ["src/simulator/contacts/broken.ts", "damages a store, in the process of the simulated Contacts app"],
]);

const OPENING = new RegExp(
  "\\bDeno\\s*\\.\\s*(?:open|create|truncate|readFile|readTextFile|writeFile|writeTextFile|copyFile|watchFs|makeTempFile)" +
    "(?:Sync)?\\b|\\bnode:fs\\b",
);

const FORBIDDEN_FOLDERS = ["utils", "helpers", "lib", "common", "core"];

/** What is wrong with one file, one line each. */
export function checkSource(file: SourceFile): string[] {
  const code = withoutTexts(withoutComments(file.text));
  return [
    ...checkFolders(file),
    ...importsOf(file.text).flatMap((target) => checkImport(file, target)),
    ...checkPlaces(file, code),
    ...checkSql(file),
  ].map((complaint) => `${file.path}: ${complaint}`);
}

function checkFolders({ path }: SourceFile): string[] {
  const folders = path.split("/").slice(0, -1);
  const layer = layerOf(path);
  return [
    ...folders.filter((name) => FORBIDDEN_FOLDERS.includes(name)).map((name) => `a folder named ${name}`),
    ...layer in LAYERS ? [] : [`${layer} is not a layer`],
  ];
}

/** `store` for src/store/queries/chats.ts, `app` for src/app/app.ts, `main` for main.ts. */
function layerOf(path: string): string {
  const parts = path.split("/");
  return (parts[0] === "src" ? parts[1] ?? "" : parts[0] ?? "").replace(/\.ts$/, "");
}

function checkImport(file: SourceFile, target: string): string[] {
  const scheme = /^(jsr:|https?:)/.exec(target)?.[1];
  if (scheme) return [`imports over ${scheme} ${target}`];
  const driver = DRIVERS[target];
  if (driver !== undefined && file.path !== driver) {
    return [`imports ${target} outside ${driver}`];
  }
  if (!target.startsWith(".")) return [];
  const resolved = resolve(file.path, target);
  if (resolved === "deno.json") return [];
  if (!resolved.startsWith("src/")) return [`imports ${resolved}, which is outside src`];
  const [from, to] = [layerOf(file.path), layerOf(resolved)];
  if (from === to || LAYERS[from]?.includes(to)) return [];
  return [`${from} may not import ${to} (${target})`];
}

function checkPlaces(file: SourceFile, code: string): string[] {
  const rules: [boolean, RegExp, string][] = [
    [file.path !== "main.ts", /\bDeno\s*\.\s*args\b|\{[^{}]*\bargs\b[^{}]*\}\s*=\s*Deno\b/, "uses Deno.args"],
    [file.path !== "main.ts", /\bDeno\s*\.\s*exit\b|\{[^{}]*\bexit\b[^{}]*\}\s*=\s*Deno\b/, "uses Deno.exit"],
    [file.path.startsWith("src/"), /\bimport\s*\(/, "has a dynamic import"],
    [
      !OPENS_FILES.has(file.path),
      OPENING,
      "opens a file by hand: see OPENS_FILES in tests/support/architecture.ts",
    ],
    [PURE.includes(layerOf(file.path)), /\bDeno\b/, "uses Deno"],
    [
      PURE.includes(layerOf(file.path)),
      /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\b|\bMath\.random\b/,
      "reads a clock or rolls dice",
    ],
  ];
  return rules.filter(([applies, pattern]) => applies && pattern.test(code)).map(([, , words]) => words);
}

/**
 * Values belong into parameters. SQLite has none for names (of tables, indexes, PRAGMAs), so those may be pasted; what
 * stands in quotes or behind a comparison is a value, and may be pasted only where it is a constant or a number.
 */
function checkSql({ text }: SourceFile): string[] {
  const calls = withoutComments(text).matchAll(
    /\.(?:prepare|exec)\(\s*(`(?:[^`\\]|\\.)*`|"(?:[^"\\]|\\.)*"\s*\+)/g,
  );
  return [...calls].map(([, sql = ""]) => sql)
    .filter((sql) => sql.endsWith("+") || pastesValue(sql))
    .map((sql) => `SQL is pasted together: ${sql.slice(0, 60).replace(/\s+/g, " ")}`);
}

function pastesValue(sql: string): boolean {
  const pasted = sql.matchAll(
    /(?:'|[=<>]|\b(?:LIKE|MATCH|GLOB|IS|NOT|AND|LIMIT|OFFSET)\b)\s*\$\{([^}]*)\}/gi,
  );
  const harmless =
    /^\s*(?:[A-Z][A-Z0-9_]*|(?:Number|Math\.trunc)\([^]*\)|[0-9*+ _]+|[\w.]+\.length|\w+ [-+*] [0-9]+)\s*$/;
  return [...pasted].some(([, expression = ""]) => !harmless.test(expression));
}

/** What a file imports or re-exports, in order. */
export function importsOf(text: string): string[] {
  const statements = withoutComments(text).matchAll(
    /^\s*(?:import|export)\b(?:[^"'`;(]*?\bfrom)?\s*["']([^"'\n]+)["']/gm,
  );
  return [...statements].map(([, target = ""]) => target);
}

/** The files of the first circle that is found, the first one once more at the end; null when there is none. */
export function findCycle(files: readonly SourceFile[]): string[] | null {
  const targets = new Map(files.map(({ path, text }) => [
    path,
    importsOf(text).filter((target) => target.startsWith(".")).map((target) => resolve(path, target)),
  ]));
  const done = new Set<string>();
  const visit = (path: string, way: readonly string[]): string[] | null => {
    const at = way.indexOf(path);
    if (at >= 0) return [...way.slice(at), path];
    if (done.has(path)) return null;
    for (const target of targets.get(path) ?? []) {
      const cycle = visit(target, [...way, path]);
      if (cycle) return cycle;
    }
    done.add(path);
    return null;
  };
  for (const path of targets.keys()) {
    const cycle = visit(path, []);
    if (cycle) return cycle;
  }
  return null;
}

function resolve(from: string, target: string): string {
  return new URL(target, `file:///${from}`).pathname.slice(1);
}

/** Texts are stepped over, so that `"https://…"` does not look like a comment. */
function withoutComments(text: string): string {
  return text.replace(
    /("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[^])*`)|\/\/[^\n]*|\/\*[^]*?\*\//g,
    (_all, quoted: string | undefined) => quoted ?? " ",
  );
}

function withoutTexts(code: string): string {
  return code.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, '""');
}

/** What a file exports, by name; `isType` for interfaces and types. */
interface Exported {
  readonly name: string;
  readonly isType: boolean;
  /** The declaration with the comment before it. */
  readonly text: string;
}

const EXPORT = /^export (?:async )?(?:abstract )?(const|let|function\*?|class|interface|type|enum) (\w+)/;

function exportsOf({ text }: SourceFile): Exported[] {
  const parts = text.split(
    /^(?=\/\*\*|export |(?:async )?function |(?:const|let|class|interface|type|enum) )/m,
  );
  return parts.flatMap((part, at) => {
    const [, kind = "", name] = EXPORT.exec(part) ?? [];
    if (name === undefined) return [];
    const before = parts[at - 1] ?? "";
    const comment = before.startsWith("/**") && before.trimEnd().endsWith("*/") ? before : "";
    return [{ name, isType: kind === "interface" || kind === "type", text: comment + part }];
  });
}

/** `path name` of everything that a file imports or hands on by name; `path *` for all of a module. */
export function namesImported({ path, text }: SourceFile): string[] {
  const code = withoutComments(text);
  const named = code.matchAll(
    /\b(?:import|export)\s+(?:type\s+)?(?:\w+,\s*)?\{([^}]*)\}\s*from\s*"(\.[^"]+)"/g,
  );
  const whole = code.matchAll(/\bimport\s+(?:type\s+)?\*\s+as\s+\w+\s+from\s*"(\.[^"]+)"/g);
  return [
    ...[...named].flatMap(([, names = "", target = ""]) =>
      names.split(",").map((name) => name.trim().replace(/^type /, "").split(" as ")[0] ?? "")
        .filter((name) => name !== "").map((name) => `${resolve(path, target)} ${name}`)
    ),
    ...[...whole].map(([, target = ""]) => `${resolve(path, target)} *`),
  ];
}

/** Started by name and imported by nobody: entries, workers, and what a build puts in another one's place. */
const ENTRIES: readonly string[] = ["main.ts", "src/dashboard/page/main.tsx", "src/sqlite/sqlite_ffi.ts"];

/**
 * Exports that no file of `files` imports. A type that another export of its file names is part of that one. What says
 * "Exported for its test" must be imported by one of `tests`: a pure function whose own test is worth more than a walk
 * through everything around it.
 */
export function unusedExports(files: readonly SourceFile[], tests: readonly SourceFile[]): string[] {
  const used = new Set(files.flatMap(namesImported));
  const tested = new Set(tests.flatMap(namesImported));
  return files.filter(({ path }) => !ENTRIES.includes(path) && !path.startsWith("src/client/")).flatMap(
    (file) => {
      const exported = exportsOf(file);
      const isNamedBeside = ({ name }: Exported) =>
        exported.some((other) => other.name !== name && new RegExp(`\\b${name}\\b`).test(other.text));
      return exported.filter((each) => {
        const key = `${file.path} ${each.name}`;
        if (used.has(key) || used.has(`${file.path} *`)) return false;
        if (each.isType && (isNamedBeside(each) || tested.has(key))) return false;
        return !(/Exported for its test/.test(each.text) && tested.has(key));
      }).map(({ name }) => `${file.path}: nobody imports ${name}`);
    },
  );
}

/** Files of src/ that nobody imports or names: code, SQL. `others`: what may name one, such as builds and workers. */
export function unreadFiles(
  paths: readonly string[],
  readers: readonly SourceFile[],
): string[] {
  const read = new Set(
    readers.flatMap(({ path, text }) =>
      [...text.matchAll(/"(\.{1,2}\/[^"\n]+)"/g)].map(([, target = ""]) => resolve(path, target))
    ),
  );
  const named = readers.map(({ text }) => text).join("\n");
  return paths.filter((path) => !ENTRIES.includes(path) && !read.has(path) && !named.includes(`"${path}"`))
    .map((path) => `${path}: nobody reads it`);
}

const MOST_LINES = 60;

/**
 * Functions and methods of more than 60 lines, from head to closing brace. Relies on the formatter: a head begins its line,
 * its body opens at a line's end, and the closing brace stands alone at the head's indentation.
 */
export function longFunctions({ path, text }: SourceFile): string[] {
  const lines = text.split("\n");
  return lines.flatMap((line, at) => {
    const head = /^(\s*)(?:export )?(?:default )?(?:async )?function\*? (\w+)/.exec(line) ??
      /^( {2})(?:(?:static|async|get|set|override|private|public) )*[*]?(#?\w+)(?:<[^(]*>)?\(/.exec(line);
    if (!head || /[;,]$/.test(line) || /^\s*(?:if|for|while|switch|return|await|throw)\b/.test(line)) {
      return [];
    }
    const [, indent = "", name = ""] = head;
    const opens = lines.findIndex((each, index) =>
      index >= at && each.endsWith("{") &&
      (index === at || each.startsWith(`${indent})`) || each.startsWith(`${indent}}`))
    );
    if (opens < 0 || opens - at > 20) return [];
    const closes = lines.findIndex((each, index) =>
      index > opens && (each === `${indent}}` || each === `${indent}},`)
    );
    const length = closes - at + 1;
    return length > MOST_LINES ? [`${path}: ${name} has ${length} lines`] : [];
  });
}

/**
 * Callbacks upwards out of a pass's transaction: a function among what a pass is given to do. It does not see one that is
 * hidden in an object of another file.
 */
export function passCallbacks(plan: SourceFile): string[] {
  const passes = withoutComments(plan.text).matchAll(/interface (\w*(?:Pass|Import\w+))\b[^{]*\{([^}]*)\}/g);
  return [...passes].filter(([, , body = ""]) => /=>|\(\s*\w*[^)]*\)\s*:/.test(body))
    .map(([, name = ""]) => `${plan.path}: ${name} carries a function`);
}
