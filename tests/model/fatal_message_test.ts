import assert from "node:assert/strict";
import { failureText } from "../../src/cli/failure.ts";
import { LiveSyncError } from "../../src/model/errors.ts";
import { fatalMessage } from "../../src/model/fatal_message.ts";

Deno.test("fatalMessage() says `internal` and what to do when nobody foresaw the failure", () => {
  for (const thrown of [new TypeError("x is no function"), "x is no function"]) {
    const { code, message, hint } = fatalMessage(thrown);
    assert.deepEqual([code, message], ["internal", "x is no function"]);
    assert.match(hint, /^Start it again\b/);
    assert.equal(failureText(thrown, null), `${message}. ${hint}\n`);
  }
});

Deno.test("fatalMessage() keeps code and hint when the failure is one of ours", () => {
  const fatal = fatalMessage(new LiveSyncError("port_in_use", "Cannot listen", "Choose another."));
  assert.deepEqual(fatal, {
    type: "fatal",
    code: "port_in_use",
    message: "Cannot listen",
    hint: "Choose another.",
  });
});

Deno.test("fatalMessage() is the only maker of fatal lines when the sources are searched", async () => {
  const makers: string[] = [];
  const search = async (folder: URL) => {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (isDirectory) await search(new URL(`${name}/`, folder));
      else if (
        name.endsWith(".ts") && (await Deno.readTextFile(new URL(name, folder))).includes('type: "fatal",')
      ) {
        makers.push(name);
      }
    }
  };
  await search(new URL("../../src/", import.meta.url));
  assert.deepEqual(makers, ["fatal_message.ts"]);
});
