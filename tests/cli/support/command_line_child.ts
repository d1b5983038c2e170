/**
 * Many command lines in one process: each line of stdin holds the words of one, each line of stdout what `main()` made
 * of them. Not for `run`, which gives the process' permissions away.
 */
import * as v from "valibot";
import { main } from "../../../src/cli/main.ts";
import { TextLineStream } from "../../support/text_lines.ts";

const Words = v.array(v.string());

if (import.meta.main) {
  for await (const line of Deno.stdin.readable.pipeThrough(new TextLineStream())) {
    const said = { stdout: "", stderr: "" };
    const code = await main(v.parse(Words, JSON.parse(line)), {
      io: {
        out: (text) => said.stdout += text,
        err: (text) => said.stderr += text,
        outIsTerminal: false,
        errIsTerminal: false,
        columns: () => 80,
      },
      exitNow: (code) => Deno.exit(code),
    });
    console.log(JSON.stringify({ code, ...said }));
  }
}
