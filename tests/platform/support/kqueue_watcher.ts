/**
 * Watches the -wal that its first argument names, by the kqueue of the second (JSON), with every permission but `read`
 * given away. `arm` on stdin is answered by `armed` or `absent`, `stop` by `stopped`; `hint` and `gone` come when they
 * come. At the end of stdin or at SIGTERM it closes, and then has nothing left to do.
 */
import { openKqueue } from "../../../src/platform/kqueue.ts";
import { dropPermissions } from "../../../src/platform/permissions.ts";
import { DRIVER } from "../../../src/sqlite/sqlite.ts";
import { TextLineStream } from "../../support/text_lines.ts";

const [path = "", system = ""] = Deno.args;

const input = Deno.stdin.readable.pipeThrough(new TextLineStream()).getReader();
const atSigterm = () => void input.cancel();
Deno.addSignalListener("SIGTERM", atSigterm);
const queue = openKqueue({ system: JSON.parse(system) });
dropPermissions({ keepFfi: DRIVER.needsFfi });
console.log(`ffi ${Deno.permissions.querySync({ name: "ffi" }).state}`);

let stop: (() => void) | null = null;
for (let line = await input.read(); !line.done; line = await input.read()) {
  if (line.value === "arm") {
    stop = queue?.watch({
      path,
      onHint: () => console.log("hint"),
      onGone: () => console.log("gone"),
    }) ?? null;
    console.log(stop === null ? "absent" : "armed");
  } else {
    stop?.();
    console.log("stopped");
  }
}
await queue?.close();
Deno.removeSignalListener("SIGTERM", atSigterm);
