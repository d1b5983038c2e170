/** launchctl's words, as it is known to print them; the calls themselves; and what is made of both. */
import { deepEqual, equal } from "node:assert/strict";
import { parseJob, readPrinted } from "../../src/launchd/job.ts";
import {
  bootoutCall,
  bootstrapCall,
  enableCall,
  kickstartCall,
  printCall,
} from "../../src/launchd/launchctl.ts";
import { agentReport } from "../../src/launchd/state.ts";
import { endedJob, runningJob } from "./support/mac.ts";

Deno.test("the calls name the session of the person and the label when a uid is given", () => {
  const service = "gui/501/com.chatstats.live-sync";
  deepEqual(
    [bootoutCall(501), enableCall(501), kickstartCall(501), printCall(501), bootstrapCall(501, "/a b.plist")],
    [
      ["/bin/launchctl", "bootout", service],
      ["/bin/launchctl", "enable", service],
      ["/bin/launchctl", "kickstart", service],
      ["/bin/launchctl", "print", service],
      ["/bin/launchctl", "bootstrap", "gui/501", "/a b.plist"],
    ],
  );
});

Deno.test("parseJob() reads the job's own lines when blocks within it have the same words", () => {
  deepEqual(parseJob(runningJob(613)), { isRunning: true, pid: 613, lastEnd: null });
  deepEqual(parseJob(endedJob("exit code = 1")), { isRunning: false, pid: null, lastEnd: "1" });
  deepEqual(parseJob(endedJob("exit code = 78: EX_CONFIG")).lastEnd, "78: EX_CONFIG");
  deepEqual(parseJob(endedJob("terminating signal = Killed: 9")).lastEnd, "Killed: 9");
});

Deno.test("parseJob() knows nothing when the text is another's", () => {
  for (
    const text of ["", "state = running\npid = 1\n", "x = {\n}\n", "{\n{\n\tstate = running\n\tpid = 3\n"]
  ) {
    deepEqual(parseJob(text), { isRunning: false, pid: null, lastEnd: null }, text);
  }
});

Deno.test("readPrinted() tells a job that launchd does not know from a launchctl that fails", () => {
  const unknown = { kind: "unknown_to_launchd" };
  deepEqual(readPrinted({ code: 113, stdout: "", stderr: "" }), unknown);
  deepEqual(readPrinted({ code: 64, stdout: "", stderr: 'Could not find service "x" in domain\n' }), unknown);
  deepEqual(readPrinted({ code: 125, stdout: "", stderr: "Domain does not support\n specified action\n" }), {
    kind: "failed",
    words: "Domain does not support specified action",
  });
  deepEqual(readPrinted({ code: 9, stdout: "", stderr: "" }), {
    kind: "failed",
    words: "launchctl ended with 9",
  });
});

Deno.test("agentReport() says in words how the agent is when files and launchd tell it", () => {
  const job = (text: string) => readPrinted({ code: 0, stdout: text, stderr: "" });
  const gone = readPrinted({ code: 113, stdout: "", stderr: "" });
  const detail = (printed: ReturnType<typeof job>, plistIsThere = true, programIsThere = true) =>
    agentReport({ printed, plistIsThere, program: "/bin/x", programIsThere }).detail;
  equal(detail(gone, false), "Not installed.");
  equal(detail(job(runningJob(5))), "Installed and running as process 5.");
  equal(
    detail(job(endedJob("exit code = 1"))),
    "Installed, but not running: it ended last with exit code 1.",
  );
  equal(
    detail(job(endedJob("terminating signal = Killed: 9"))),
    "Installed, but not running: it ended last with Killed: 9.",
  );
  equal(
    detail(job(endedJob("exit code = (never exited)"))),
    "Installed, but not running: launchd has not started it yet.",
  );
  equal(
    detail(gone),
    "Installed, but launchd has not loaded it: log in again, or install it again.",
  );
  equal(
    detail(job(runningJob(5)), true, false),
    "Installed, but its copy of the program is gone: install it again.",
  );
  equal(
    detail(job(runningJob(5)), false),
    "Not installed, though launchd still knows it: uninstall it to make launchd forget it.",
  );
  equal(
    detail({ kind: "failed", words: "no" }),
    "Installed; launchd does not say whether it runs (no).",
  );
});
