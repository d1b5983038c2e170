/** `doctor`: checks everything that can stop the program. */
import { type Check, diagnose } from "../doctor/diagnosis.ts";
import { agentState } from "../launchd/agent.ts";
import type { Command } from "./command.ts";
import { diagnosisText } from "./doctor_words.ts";
import { EXIT, withoutPromise } from "./failure.ts";
import { JSON_FLAG, PLACE_FLAGS, sharedBut } from "./flags.ts";

export const doctorCommand: Command = {
  name: "doctor",
  summary: "check everything that can stop it from working, and say how to fix it",
  description:
    "Checks Messages' database, permission, schema, contacts, our own database, disk, port, another instance, " +
    "the launchd agent and versions, and says how to fix what fails. It only looks and changes nothing. Give it " +
    "the places and the port that you give to run. Exit code 0 only when all pass, 3 when a source may not be read, else 1.",
  flags: [JSON_FLAG],
  foreign: sharedBut([...PLACE_FLAGS, "--port"]),
  async run(context) {
    const { io } = context;
    const config = context.config();
    const { ok, noPermission, checks } = await diagnose(config, {
      permissionHint: context.permissionHint(),
      line: context.line,
      isAddressBookNamed: context.given("--addressbook-dir"),
      agentState: () => agentState(config.home, context.clock),
    });
    io.out(
      context.flag(JSON_FLAG) ? `${JSON.stringify({ ok, checks: checks.map(asAgreed) })}\n` : diagnosisText(
        checks.map((check) => ({ ...check, fix: withoutPromise(check.fix) })),
        io.columns(),
        context.line("doctor"),
      ),
    );
    return ok ? EXIT.done : noPermission ? EXIT.noPermission : EXIT.failed;
  },
};

/** The fields that the contract names: that a check was skipped is for the eye, and its message says so. */
function asAgreed({ id, ok, message, fix }: Check) {
  return { id, ok, message, fix: withoutPromise(fix) };
}
