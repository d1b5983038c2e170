/**
 * Keeps Deno's inspector shut. Under `deno run` of 2.9.2 and later SIGUSR1 makes it listen on 127.0.0.1:9229, where
 * any program of this machine could run code in ours; no flag and no permission prevents it (denoland/deno#35738).
 *
 * A listener of our own does not take Deno's place, it stands beside it, and which of the two comes first is not
 * settled. So after the signal the inspector is closed at once and again a little later: seen with Deno 2.9.6, it
 * listened for less than 10 ms. Before Deno's own listener is there (half a second after the start) the signal would
 * end the program; ours keeps it alive.
 */
import inspector from "node:inspector";
import type { Clock } from "./clock.ts";

/** When it is closed after the signal, in milliseconds. */
const CLOSE_AT_MS = [0, 2, 5, 10, 20, 50, 100, 250, 1_000] as const;

/** Starts to watch for SIGUSR1; the result ends it. `close` is the inspector's own but in tests. */
export function keepInspectorShut(clock: Clock, close: () => void = () => inspector.close()): Disposable {
  if (Deno.build.os === "windows") return { [Symbol.dispose]: () => {} };
  const onSignal = () => {
    for (const delayMs of CLOSE_AT_MS) {
      if (delayMs === 0) close();
      else clock.after(delayMs, close);
    }
  };
  Deno.addSignalListener("SIGUSR1", onSignal);
  return { [Symbol.dispose]: () => Deno.removeSignalListener("SIGUSR1", onSignal) };
}
