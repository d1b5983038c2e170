/** Stands in for main.ts: `contacts_app_entry.ts __contacts-app --folder PATH …`. */
import { contactsAppMain } from "../../../src/simulator/contacts/process.ts";

const code = await contactsAppMain(Deno.args.slice(1), {
  readable: Deno.stdin.readable,
  writable: Deno.stdout.writable,
});
Deno.exit(code);
