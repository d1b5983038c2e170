/**
 * The real program, and beside it what an intruder would try once it runs: at SIGUSR2 it tries everything that the
 * program gave away, and prints what came of each as one line of JSON on stderr. `curious_program.ts WORDS…`
 */
import { openDatabase } from "../../../src/sqlite/sqlite.ts";
import { main } from "../../../src/cli/main.ts";

const attempts: Readonly<Record<string, (database: string) => unknown>> = {
  fetch: () => fetch("http://127.0.0.1:4/"),
  "a connection": () => Deno.connect({ hostname: "127.0.0.1", port: 4 }),
  "a WebSocket": () => new WebSocket("ws://127.0.0.1:4"),
  "another port": () => Deno.listen({ hostname: "127.0.0.1", port: 0 }),
  "a name look-up": () => Deno.resolveDns("localhost", "A"),
  "a program": () => new Deno.Command("true").outputSync(),
  "a file": () => Deno.writeTextFileSync(`/tmp/chatstats-intruder-${Deno.pid}`, ""),
  "a file beside the database": (database) => Deno.writeTextFileSync(`${database}.x`, ""),
  "a file taken away": (database) => Deno.removeSync(database),
  "another mode": (database) => Deno.chmodSync(database, 0o666),
  "a database to write": (database) => openDatabase(`${database}.x`).close(),
  "a variable": () => Deno.env.get("PATH"),
  "every variable": () => Deno.env.toObject(),
  "the machine's name": () => Deno.hostname(),
  "foreign code": () => Deno.dlopen("libc.so.6", {}),
  "remote code": () => import(["https:", "", "example.com", "x.ts"].join("/")),
  "remote code in a worker": () =>
    new Promise((_resolve, reject) => {
      const worker = new Worker(["https:", "", "example.com", "x.ts"].join("/"), { type: "module" });
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(event.message));
      };
    }),
};

async function outcome(attempt: () => unknown): Promise<string> {
  try {
    await attempt();
    return "done";
  } catch (error) {
    if (!(error instanceof Error)) return String(error);
    return error.name === "NotCapable" || /^(?:Uncaught .*)?.*Requires \w+ access/s.test(error.message)
      ? "refused"
      : `${error.name}: ${error.message}`;
  }
}

const database = Deno.args[Deno.args.indexOf("--database") + 1] ?? "";
Deno.addSignalListener("SIGUSR2", async () => {
  const results: Record<string, string> = {};
  for (const [name, attempt] of Object.entries(attempts)) {
    results[name] = await outcome(() => attempt(database));
  }
  const reading = await outcome(() => openDatabase(database, { readOnly: true }).close());
  console.error(JSON.stringify({ attempts: results, reading }));
});
Deno.exit(await main(Deno.args, { exitNow: (code) => Deno.exit(code) }));
