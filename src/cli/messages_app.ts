/** The hidden commands by which `demo` and the tests start the simulated Messages and Contacts apps as other processes. */
import { CONTACTS_APP_COMMAND, contactsAppMain } from "../simulator/contacts/process.ts";
import { MESSAGES_APP_COMMAND, messagesAppMain } from "../simulator/process.ts";

/** The exit code of such a command, which has flags of its own; null when the words ask for something else. */
export function messagesApp(args: readonly string[]): Promise<number> | null {
  const [command, ...rest] = args;
  const streams = () => ({ readable: Deno.stdin.readable, writable: Deno.stdout.writable });
  switch (command) {
    case MESSAGES_APP_COMMAND:
      return messagesAppMain(rest, streams());
    case CONTACTS_APP_COMMAND:
      return contactsAppMain(rest, streams());
    default:
      return null;
  }
}
