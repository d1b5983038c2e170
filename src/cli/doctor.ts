/** `doctor`: checks everything that can stop the program. */
import { JSON_FLAG } from "./flags.ts";
import { notBuiltYet } from "./not_built_yet.ts";

export const doctorCommand = notBuiltYet({
  name: "doctor",
  summary: "check what can stop it from working, and say how to mend it",
  description:
    "Checks paths, permission, schema, database, disk, port, another instance and version, one line each, " +
    "with the mend for what fails. Exit code 0 only when all pass, 3 when the permission is missing.\n\n" +
    "Not built yet: a later version brings it.",
  flags: [JSON_FLAG],
});
