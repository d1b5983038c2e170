/** Nothing in src/ or main.ts can talk to another machine: whoever opens a connection stands in this list. */
import { deepEqual } from "node:assert/strict";

const root = new URL("../", import.meta.url);

/** What opens a connection, asks a name server, or lets somebody else do so. */
const WAYS_OUT: Readonly<Record<string, RegExp>> = {
  "fetch": /\bfetch\s*\(/,
  "WebSocket": /\bnew\s+WebSocket(?:Stream)?\b|\bWebSocketStream\b/,
  "EventSource": /\bEventSource\b/,
  "Deno.connect": /\bconnect(?:Tls|Quic)?\s*\(\s*\{|\bDeno\s*\.\s*connect\w*/,
  "name look-up": /\bresolveDns\b/,
  "listen": /\bDeno\s*\.\s*(?:listen\w*|serve)\b/,
  "datagram": /\blistenDatagram\b/,
  "node's network":
    /\b(?:from|import|require\()\s*["'](?:node:)?(?:net|tls|http|https|http2|dgram|dns|dns\/promises)["']/,
  "program": /\bDeno\s*\.\s*Command\b|["'](?:node:)?child_process["']/,
  "foreign library": /\bDeno\s*\.\s*dlopen\b/,
  "beacon": /\bsendBeacon\b/,
};

/** Each with its reason. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  // The running instance on 127.0.0.1, whose address instance.json tells.
  "src/cli/remote.ts": ["fetch"],
  // `open` and a double-click: the system's own browser, with a loopback address. `doctor`: df and test.
  "src/platform/run_command.ts": ["program"],
  // `doctor`: the running instance on 127.0.0.1, and whether a port of 127.0.0.1 is free.
  "src/doctor/instance.ts": ["fetch"],
  "src/doctor/port.ts": ["listen"],
  // `demo`: its own server on 127.0.0.1, and the simulated Messages app.
  "src/cli/demo/client.ts": ["WebSocket"],
  "src/simulator/contacts_process.ts": ["program"],
  "src/simulator/messages_process.ts": ["program"],
  // The server, on loopback alone.
  "src/notify/listen.ts": ["listen"],
  // shutdown() of the C library on a client's socket, loaded before permissions are given away.
  "src/platform/connection_cutter.ts": ["foreign library"],
  // kqueue(), kevent(), open() and close() of macOS's C library on a -wal, loaded before permissions are given away.
  "src/platform/kqueue_calls.ts": ["foreign library"],
  // SQLite itself, in the FFI build alone.
  "src/sqlite/sqlite_ffi_calls.ts": ["foreign library"],
  // Whether DENO_SQLITE_PATH names a SQLite, in the FFI build alone.
  "src/sqlite/sqlite_ffi_library.ts": ["foreign library"],
  // The system's list of mounts on a Mac, before permissions are given away.
  "src/platform/volume.ts": ["program"],
  // The dashboard's page: to the server that it came from (its content policy lets it go nowhere else).
  "src/dashboard/built/app.js": ["fetch", "WebSocket"],
  "src/dashboard/page/api.ts": ["fetch"],
  "src/dashboard/page/connection.ts": ["WebSocket"],
  // Makes the page before it is committed; no part of the program.
  "src/dashboard/page/build.ts": ["program"],
};

function waysOut(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1");
  return Object.entries(WAYS_OUT).filter(([, pattern]) => pattern.test(code)).map(([name]) => name);
}

function codeFiles(folder: string): string[] {
  return [...Deno.readDirSync(new URL(folder, root))].flatMap((entry) => {
    const path = `${folder}${entry.name}`;
    if (entry.isDirectory) return codeFiles(`${path}/`);
    return /\.(?:tsx?|js)$/.test(path) ? [path] : [];
  });
}

Deno.test("waysOut() finds none in the source but those that are allowed, and each of these is used", () => {
  const found = Object.fromEntries(
    ["main.ts", ...codeFiles("src/")].toSorted()
      .map((path): [string, string[]] => [path, waysOut(Deno.readTextFileSync(new URL(path, root)))])
      .filter(([, ways]) => ways.length > 0),
  );
  deepEqual(found, Object.fromEntries(Object.entries(ALLOWED).toSorted()));
});

Deno.test("waysOut() sees every way when it stands in code, and none in a comment", () => {
  const code = [
    `await fetch("https://example.com")`,
    `new WebSocket(url)`,
    `Deno.connect({ port: 1 })`,
    `const { connect } = Deno; connect({ port: 1 })`,
    `Deno.resolveDns("a", "A")`,
    `Deno.serve({}, answer)`,
    `import http from "node:http";`,
    `new Deno.Command("curl")`,
    `Deno.dlopen("a", {})`,
    `navigator.sendBeacon("a")`,
  ];
  deepEqual(code.filter((line) => waysOut(line).length === 0), []);
  deepEqual(waysOut(`/** fetch(url) */\n// new WebSocket(url)\nconst fetched = 1;`), []);
});

/** A question that a lazy call asks would stand on a terminal: whatever starts Deno says `--no-prompt`. */
Deno.test("every command that starts the program says --no-prompt when it gives permissions", () => {
  const { tasks } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", root)));
  const commands = Object.entries<string>(tasks);
  deepEqual(
    commands.filter(([, command]) => / -A\b|--allow/.test(command) && !command.includes("--no-prompt")),
    [],
  );
  const loose = ["main.ts", ...codeFiles("src/"), ...codeFiles("tests/")].filter((path) => {
    const text = Deno.readTextFileSync(new URL(path, root));
    return /"-A",\s*(?!\s*"--no-prompt")/.test(text);
  });
  // Without it on purpose: to see that nothing is asked; and this very list of words.
  deepEqual(loose.toSorted(), ["tests/live/least_power_test.ts", "tests/no_phone_home_test.ts"]);
});
