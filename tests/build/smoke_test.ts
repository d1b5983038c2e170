/**
 * The release's smoke test itself, on this program run by Deno and an app made around that: what it says of a program that
 * is well, and of one that opens a debugger. Only `open` of macOS is stood in for.
 */
import { equal, match } from "node:assert/strict";
import { makeApp } from "../../.ci/app/bundle.ts";
import { VERSION_TEXT } from "../../src/platform/version.ts";
import { SLOW } from "../support/slow.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

/** Starts the app's program as LaunchServices does: apart from whoever asked, without a terminal. */
const OPEN = `#!/usr/bin/env bash
app=$3; shift 4
"$app/Contents/MacOS/chatstats-live-sync" "$@" </dev/null >/dev/null 2>&1 &
`;

const PROGRAM = `"${Deno.execPath()}" run --quiet -A --no-prompt "${ROOT}main.ts" "$@"`;

/** Opens a port for three seconds at SIGUSR1. */
const WITH_DEBUGGER = `[ "$1" = run ] || exec ${PROGRAM}
${PROGRAM} <&0 &
child=$!
trap '"${Deno.execPath()}" eval "Deno.listen({ hostname: \\"127.0.0.1\\", port: $SMOKE_DEBUG_PORT }); setTimeout(Deno.exit, 3_000)" &' USR1
while kill -0 $child 2>/dev/null; do wait $child; done`;

function freePort(): string {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return String(listener.addr.port);
}

class Release implements Disposable {
  readonly folder = Deno.makeTempDirSync();
  readonly app: string;
  constructor(program: string = `exec ${PROGRAM}`) {
    const binary = `${this.folder}/chatstats-live-sync`;
    Deno.writeTextFileSync(binary, `#!/usr/bin/env bash\n${program}\n`, { mode: 0o755 });
    Deno.writeTextFileSync(`${this.folder}/open`, OPEN, { mode: 0o755 });
    this.app = makeApp({ binary, folder: this.folder, version: "1.0.0" });
  }
  async tried(version: string, env: Readonly<Record<string, string>> = {}) {
    const { code, stdout } = await new Deno.Command("bash", {
      args: [`${ROOT}.github/release/smoke.sh`, this.app, version],
      env: {
        PATH: `${this.folder}:${Deno.env.get("PATH") ?? ""}`,
        SMOKE_DEMO_SECONDS: "3",
        SMOKE_DENO_RUN: "1",
        ...env,
      },
    }).output();
    return { code, text: new TextDecoder().decode(stdout) };
  }
  [Symbol.dispose](): void {
    Deno.removeSync(this.folder, { recursive: true });
  }
}

Deno.test(
  "smoke.sh starts the very app, reads its page and ends well when all is well",
  { ignore: !SLOW },
  async () => {
    using release = new Release();
    const { code, text } = await release.tried(VERSION_TEXT);
    equal(code, 0, text);
    match(text, /== the app, as Finder starts it\nsmoke test passed\n$/);
  },
);

Deno.test("smoke.sh fails when the version is another one", { ignore: !SLOW }, async () => {
  using release = new Release();
  const { code, text } = await release.tried("9.9.9");
  equal(code, 1);
  match(text, /FAILED: --version says "/);
});

Deno.test(
  "smoke.sh fails when something listens on the debugger's port after SIGUSR1",
  { ignore: !SLOW },
  async () => {
    using release = new Release(WITH_DEBUGGER);
    const { code, text } = await release.tried(VERSION_TEXT, { SMOKE_DEBUG_PORT: freePort() });
    equal(code, 1, text);
    match(text, /FAILED: a debugger listens on \d+ after SIGUSR1/);
  },
);
