/**
 * What a sidecar says, without one: `fake_sidecar.mjs [FILE] [FEATURE]`. It is ready at 0 of its feed, and three events
 * follow; from the second start with the same FILE on, it is ready at 3. `busy`: the first time it ends as beside
 * another instance. `deaf`: it hears neither stdin nor SIGTERM.
 */
import { existsSync, writeFileSync } from "node:fs";
import process from "node:process";
import readline from "node:readline";

const NEWEST = 3;
const features = process.argv.slice(2);
const file = features.find((feature) => feature.startsWith("/"));

function say(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function sayEvents(after) {
  for (let seq = after + 1; seq <= NEWEST; seq++) {
    say({ type: "event", seq, event: "message.created", data: { message: { guid: `guid ${seq}` } } });
  }
}

function hear(line) {
  const { type, after } = JSON.parse(line);
  if (type === "shutdown") process.exit(0);
  if (type !== "subscribe") return;
  say({ type: "subscribed", topics: ["*"], seq: NEWEST, feed: "f" });
  sayEvents(after);
}

/** Whether this is the first start with that file. */
function isFirst(file) {
  if (existsSync(file)) return false;
  writeFileSync(file, "");
  return true;
}

if (features.includes("deaf")) {
  process.on("SIGTERM", () => {});
  // Not for ever, should the test fail.
  setTimeout(() => {}, 20_000);
} else {
  readline.createInterface({ input: process.stdin }).on("line", hear).on("close", () => process.exit(0));
}
const first = file === undefined || isFirst(file);
if (first && features.includes("busy")) {
  say({ type: "fatal", code: "already_running", message: "Cannot run", hint: "" });
  process.exit(1);
}
// A sidecar that is started again is ready at the newest event, and tells what was before to who asks.
const seq = first || features.includes("busy") ? 0 : NEWEST;
say({ type: "ready", feed: "f", seq });
sayEvents(seq);
