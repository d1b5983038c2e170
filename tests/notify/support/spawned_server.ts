/** `server_process.ts` in a process of its own, and what it says of itself. */
import { within } from "./wire.ts";
import { TOKEN } from "./server.ts";

export interface SpawnedServer extends AsyncDisposable {
  readonly port: number;
  readonly ws: string;
  isAlive(): boolean;
  /** Waits at most 2 s. */
  get(
    path: string,
  ): Promise<{ readonly status: number; readonly clients: number; readonly rssBytes: number }>;
  commitOne(): Promise<void>;
}

export interface SpawnOptions {
  readonly events?: number;
  readonly characters?: number;
  /** Most file descriptors it may have. */
  readonly descriptors?: number;
}

export async function spawnServer(options: SpawnOptions = {}): Promise<SpawnedServer> {
  const script = new URL("server_process.ts", import.meta.url).pathname;
  const args = ["run", "-A", "--no-prompt", "--no-check", script];
  args.push(String(options.events ?? 0), String(options.characters ?? 0));
  const limit = options.descriptors === undefined ? "" : `ulimit -n ${options.descriptors};`;
  const child = new Deno.Command("sh", {
    args: ["-c", `${limit} exec "$0" "$@"`, Deno.execPath(), ...args],
    stdout: "piped",
    stderr: "null",
    // Deno's look for a newer version would open files when there may be none left.
    env: { DENO_NO_UPDATE_CHECK: "1" },
  }).spawn();
  let ended = false;
  const status = child.status.then(() => ended = true);
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const port = Number((await within(lines.read(), "the port", 15_000)).value);
  const url = `http://127.0.0.1:${port}`;
  const headers = { authorization: `Bearer ${TOKEN}` };
  return {
    port,
    ws: `ws://127.0.0.1:${port}/ws?token=${TOKEN}`,
    isAlive: () => !ended,
    async get(path) {
      const response = await fetch(url + path, { headers, signal: AbortSignal.timeout(2_000) });
      const body: { clients?: number; rss_bytes?: number } = await response.json();
      return { status: response.status, clients: body.clients ?? 0, rssBytes: body.rss_bytes ?? 0 };
    },
    async commitOne() {
      const response = await fetch(`${url}/api/v1/sync`, { method: "POST", headers });
      await response.body?.cancel();
    },
    async [Symbol.asyncDispose]() {
      if (!ended) child.kill("SIGKILL");
      await status;
      await lines.cancel();
    },
  };
}
