/**
 * The first start on a machine, when every package has yet to be fetched, on a terminal: it shows what a later one shows.
 * Deno's download bar goes up a line and clears it at each step, whatever the program has printed there meanwhile.
 */
import { doesNotMatch, equal, match } from "node:assert/strict";
import { SLOW } from "../support/slow.ts";
import { commandOnTerminal, hasTerminal } from "./support/terminal.ts";

const ignore = !SLOW || !hasTerminal || Deno.build.os !== "linux";

/** How this machine reaches the registry. */
function networkSettings(): Record<string, string> {
  const names =
    /^(?:https?_proxy|no_proxy|all_proxy|ssl_cert_.*|deno_tls_ca_store|deno_cert|node_extra_ca_certs|npm_config_.*)$/i;
  return Object.fromEntries(Object.entries(Deno.env.toObject()).filter(([name]) => names.test(name)));
}

/** What stands on the terminal from the task's own line on, when it is stopped at the line that tells the state. */
async function startIn(home: string): Promise<string> {
  await using program = commandOnTerminal(`'${Deno.execPath()}' task start`, {
    ...networkSettings(),
    HOME: home,
    XDG_DATA_HOME: `${home}/data`,
    DENO_DIR: `${home}/deno`,
    NO_COLOR: "1",
  });
  await program.lineOut((line) => /once, or name its chat\.db/.test(line));
  await program.type("\x03");
  const { stdout } = await program.ended();
  return stdout.slice(stdout.indexOf("Task start"));
}

Deno.test(
  "task start shows address and state, and nothing takes them away, when nothing is in Deno's cache",
  { ignore },
  async () => {
    const home = Deno.realPathSync(Deno.makeTempDirSync());
    try {
      const first = await startIn(home);
      doesNotMatch(first, /Download|Initialize/);
      // deno-lint-ignore no-control-regex
      doesNotMatch(first, /\x1b\[\d*[AJF]/);
      match(first, /http:\/\/127\.0\.0\.1:\d+\/#token=/);
      match(first, /Waiting for Messages' database …/);
      const alike = (text: string) =>
        text.replace(/:\d{4,5}\//, "").replace(/token=\S+/, "").split("\n").length;
      equal(alike(first), alike(await startIn(home)));
    } finally {
      Deno.removeSync(home, { recursive: true });
    }
  },
);
