/**
 * The simulated Messages app with a connection that comes and goes: `reopening_messages_main.ts CHAT_DB SEED`. The process
 * stays, so that a round costs milliseconds. Besides the commands of `simulator/commands.ts`, those of the open database: `open`
 * and `shut`, and `close`, which ends it.
 */
import * as v from "valibot";
import { openChatDatabase } from "../../../src/simulator/chat_database.ts";
import { runCommand } from "../../../src/simulator/commands.ts";
import { MessagesApp } from "../../../src/simulator/messages_app.ts";
import { SeededRandom } from "../../../src/simulator/random.ts";
import { formatLine, parseLine, readLines } from "../../../src/simulator/wire.ts";
import { errorMessage } from "../../../src/model/errors.ts";

const Command = v.looseObject({ id: v.number(), do: v.string() });

class ReopeningApp {
  readonly #path: string;
  /** Goes on over all connections: no GUID is made twice. */
  readonly #random: SeededRandom;
  #app: MessagesApp | null = null;

  constructor(path: string, seed: number) {
    this.#path = path;
    this.#random = new SeededRandom(seed);
  }

  run(name: string, input: object): object {
    if (name === "open") return this.#open();
    if (name === "shut") return this.shut();
    if (this.#app === null) throw new Error(`Cannot do this: the database is shut: ${name}`);
    return runCommand(this.#app, name, input);
  }

  #open(): object {
    this.#app ??= new MessagesApp(openChatDatabase(this.#path, { release: "macos15" }), {
      random: this.#random,
    });
    return {};
  }

  shut(): object {
    this.#app?.db.close();
    this.#app = null;
    return {};
  }
}

async function main(path: string, seed: number): Promise<void> {
  const app = new ReopeningApp(path, seed);
  const output = Deno.stdout.writable.getWriter();
  const answer = (fields: object) => output.write(new TextEncoder().encode(formatLine(fields)));
  for await (const line of readLines(Deno.stdin.readable)) {
    const { id, do: name, ...input } = v.parse(Command, parseLine(line));
    try {
      const result = name === "close" ? app.shut() : app.run(name, input);
      await answer({ id, ok: true, ...result });
    } catch (error) {
      await answer({ id, ok: false, code: "bad_command", error: errorMessage(error) });
    }
    if (name === "close") break;
  }
}

if (import.meta.main) {
  await main(Deno.args[0] ?? "", Number(Deno.args[1]));
  Deno.exit(0);
}
