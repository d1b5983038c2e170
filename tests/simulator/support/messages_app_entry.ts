/** Stands in for main.ts: `messages_app_entry.ts __messages-app --db PATH …`. */
import { messagesAppMain } from "../../../src/simulator/process.ts";

const code = await messagesAppMain(Deno.args.slice(1), {
  readable: Deno.stdin.readable,
  writable: Deno.stdout.writable,
});
Deno.exit(code);
