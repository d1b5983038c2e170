/**
 * A parent of the sidecar in plain Node, as an Electron main process is one: `parent.mjs JSON`, with the options of
 * `Sidecar` but `handlers`. It prints what it is told as JSON Lines, and does what its stdin says, a word a line:
 * `hold` (from the next event on the handler does not return), `go`, `ping`, `stop`.
 */
import process from "node:process";
import readline from "node:readline";
import { Sidecar } from "../../../fixtures/electron/sidecar.mjs";

let gate = Promise.resolve();
let open = () => {};

function print(told) {
  process.stdout.write(`${JSON.stringify(told)}\n`);
}

const { failsFirst = false, ...options } = JSON.parse(process.argv[2]);
let isToFail = failsFirst;

const sidecar = new Sidecar({
  ...options,
  handlers: {
    ready: (info) => print({ told: "ready", pid: sidecar.pid, ...info }),
    event: async (event) => {
      await gate;
      if (isToFail) {
        isToFail = false;
        throw new Error("the handler failed");
      }
      print({ told: "event", seq: event.seq, event: event.event, guid: event.data.message?.guid });
    },
    resync: ({ feed, seq }) => print({ told: "resync", feed, seq }),
    problem: ({ code, message }) => print({ told: "problem", code, message }),
    other: ({ type, event, data }) => print({ told: "other", type, event, state: data?.state }),
  },
});

readline.createInterface({ input: process.stdin }).on("line", async (word) => {
  if (word === "hold") {
    gate = new Promise((resolve) => open = resolve);
    print({ told: "holding" });
  } else if (word === "go") {
    open();
  } else if (word === "ping") {
    sidecar.send({ type: "ping" });
  } else if (word === "stop") {
    const startedAt = performance.now();
    await sidecar.stop();
    print({ told: "stopped", afterMs: performance.now() - startedAt, position: sidecar.position });
    process.exit(0);
  }
});

await sidecar.start();
print({ told: "over" });
