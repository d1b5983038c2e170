/** The hidden command by which `demo` and the tests start the simulated Messages app as another process. */
import { MESSAGES_APP_COMMAND, messagesAppMain } from "../demo/process.ts";

/** Its exit code; null when the words ask for something else. It has flags of its own. */
export function messagesApp(args: readonly string[]): Promise<number> | null {
  if (args[0] !== MESSAGES_APP_COMMAND) return null;
  return messagesAppMain(args.slice(1), { readable: Deno.stdin.readable, writable: Deno.stdout.writable });
}
