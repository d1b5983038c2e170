/** The entry: words from the command line in, exit code out. The only user of Deno.args and Deno.exit. */
import { main } from "./src/cli/main.ts";

if (import.meta.main) {
  Deno.exit(await main(Deno.args, { exitNow: (code) => Deno.exit(code) }));
}
