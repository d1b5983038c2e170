/**
 * The program as a sidecar, in a process of its own, that ends itself with SIGKILL at a named step:
 * `sidecar_child.ts DATABASE CHAT_DB LABEL NTH DEFER_ABOVE` (label "-": never).
 */
import { start } from "../../src/app.ts";

const [database = "", messagesDb = "", label = "-", nth = "1", deferAbove = "20000"] = Deno.args;
Deno.umask(0o077);
let left = Number(nth);
const app = await start({
  home: "/Users/jane",
  messagesDb,
  addressbookDir: "/nowhere",
  database,
  port: 0,
  token: "test-token",
  allowOrigins: [],
  contactsIntervalSeconds: 60,
  syncCooldownSeconds: 60,
  region: "US",
  sidecar: true,
  logLevel: "error",
  logFormat: "json",
  fileEvents: true,
  wait: false,
}, {
  stdio: { readable: Deno.stdin.readable, writable: Deno.stdout.writable },
  limits: { deferIndexesAbove: Number(deferAbove) },
  probe: (passed) => {
    if (passed === label && --left === 0) Deno.kill(Deno.pid, "SIGKILL");
  },
});
await app.finished;
await app.stop();
Deno.exit(0);
