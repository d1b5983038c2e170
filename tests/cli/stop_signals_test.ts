/** When a signal is a wish to stop, and when it means "now". Through a terminal: see ctrl_c_test.ts. */
import { deepEqual, equal } from "node:assert/strict";
import { StopSignals } from "../../src/cli/stop_signals.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { until } from "../support/until.ts";

/** Interrupts at these milliseconds; gives the exit codes that were asked for. */
function interruptedAt(...times: readonly number[]): number[] {
  const codes: number[] = [];
  const clock = new FakeClock();
  using stop = new StopSignals({ clock, exitNow: (code) => codes.push(code) });
  for (const time of times) {
    clock.tick(time - clock.monotonic());
    stop.interrupt();
  }
  equal(stop.signal.aborted, times.length > 0);
  return codes;
}

Deno.test("a second SIGINT is the same wish when it comes within two seconds of the first", () => {
  deepEqual(interruptedAt(0, 0), []);
  deepEqual(interruptedAt(10, 11, 500, 2_010), []);
});

Deno.test("a SIGINT ends the process at once when it comes later than two seconds after the first", () => {
  deepEqual(interruptedAt(10, 11, 2_011), [130]);
});

Deno.test("StopSignals hears SIGTERM and SIGHUP when they come", async () => {
  // SIGINT would end the test runner: ctrl_c_test.ts sends that.
  for (const name of ["SIGTERM", "SIGHUP"] as const) {
    using stop = new StopSignals({ clock: new FakeClock(), exitNow: () => {} });
    Deno.kill(Deno.pid, name);
    await until(() => stop.signal.aborted, name);
    await stop.asked;
  }
});
