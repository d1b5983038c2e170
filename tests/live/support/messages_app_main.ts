/** The simulated apps' commands of `main.ts` alone: loading all of the program takes twice as long to start. */
import { messagesApp } from "../../../src/cli/messages_app.ts";

if (import.meta.main) Deno.exit(await messagesApp(Deno.args) ?? 2);
