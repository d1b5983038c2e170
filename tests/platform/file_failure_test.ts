import { equal, ok, throws } from "node:assert/strict";
import { LiveSyncError } from "../../src/model/errors.ts";
import { explainFileFailure, fileTrouble, inWords } from "../../src/platform/file_failure.ts";

Deno.test("fileTrouble() tells apart why the system refused when files and folders are made", () => {
  const folder = Deno.makeTempDirSync({ prefix: "chatstats-files-" });
  const trouble = (work: () => void) => {
    try {
      work();
      return "none";
    } catch (error) {
      return fileTrouble(error);
    }
  };
  try {
    Deno.writeTextFileSync(`${folder}/file`, "");
    equal(trouble(() => Deno.mkdirSync(`${folder}/file`, { recursive: true })), "not_a_folder");
    equal(trouble(() => Deno.mkdirSync(`${folder}/file/deep`, { recursive: true })), "not_a_folder");
    equal(trouble(() => Deno.writeTextFileSync(`${folder}/none/file`, "")), "missing");
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
  equal(fileTrouble(new Error("No space left on device (os error 28): write")), "disk_full");
  equal(fileTrouble(new Error("Read-only file system (os error 30): open")), "read_only");
  equal(fileTrouble(new Deno.errors.PermissionDenied("Permission denied (os error 13)")), "forbidden");
  equal(fileTrouble(new Error("something else")), "other");
});

Deno.test("inWords() says what could not be done, why and what to do, and leaves alone what nobody foresaw", () => {
  const refused = new Deno.errors.PermissionDenied("Permission denied (os error 13): open '/a'");
  const refuse = () => {
    throw refused;
  };
  throws(() => inWords("make /a", refuse), (error) => {
    ok(error instanceof LiveSyncError);
    equal(error.message, "Cannot make /a: the system does not let us write there");
    ok(error.hint !== "");
    equal(error.cause, refused);
    return true;
  });
  const odd = new Error("odd");
  equal(explainFileFailure(odd, "make /a"), odd);
  equal(inWords("make /a", () => 7), 7);
});
