import { deepEqual, equal, match, ok } from "node:assert/strict";
import { failureText } from "../../src/cli/failure.ts";
import { StatusLine } from "../../src/cli/status_line.ts";
import { inAscii, painted, paintedState, terminalStyle } from "../../src/cli/terminal.ts";
import { runProgram } from "./support/program.ts";

Deno.test("terminalStyle() has colour unless NO_COLOR or a dumb terminal says no, and ASCII in the locale C", () => {
  const usual = { rewrites: true, colour: true, ascii: false };
  deepEqual(terminalStyle({}), usual);
  deepEqual(terminalStyle({ TERM: "xterm", LANG: "de_DE.UTF-8", NO_COLOR: "" }), usual);
  deepEqual(terminalStyle({ NO_COLOR: "1" }), { ...usual, colour: false });
  deepEqual(terminalStyle({ TERM: "dumb" }), { rewrites: false, colour: false, ascii: false });
  for (const env of [{ LC_ALL: "C" }, { LC_CTYPE: "POSIX", LANG: "en_US.UTF-8" }, { LANG: "C" }]) {
    ok(terminalStyle(env).ascii, JSON.stringify(env));
  }
  for (const env of [{ LC_ALL: "C.UTF-8" }, { LC_ALL: "en_US.UTF-8", LANG: "C" }]) {
    ok(!terminalStyle(env).ascii, JSON.stringify(env));
  }
});

Deno.test("inAscii() says in ASCII what we write, and escapes JSON so that nothing of it is lost", () => {
  equal(inAscii("Importing ███░ … → Settings › “Me” 😩 Zoë"), 'Importing ###. ... -> Settings > "Me" ? Zo?');
  equal(inAscii("✓ Version ✗ Messages"), "+ Version x Messages");
  const value = { name: "Zoë 😩", list: ["…"] };
  const json = inAscii(`${JSON.stringify(value, null, 2)}\n`);
  match(json, /^\p{ASCII}*$/u);
  deepEqual(JSON.parse(json), value);
});

Deno.test("StatusLine and failureText() are coloured where the terminal has it", () => {
  const written: string[] = [];
  using line = new StatusLine({ err: (text) => written.push(text), colour: true });
  line.show("Live  2 messages");
  equal(written[0], `\r\x1b[2K${painted("Live", "green")}  2 messages`);
  equal(paintedState("Lively"), "Lively");
  equal(failureText(new Error("No"), 80, true).slice(0, 5), "\x1b[31m");
  ok(!failureText(new Error("No"), 80).includes("\x1b"));
});

Deno.test("the program writes ASCII alone when the locale is C", async () => {
  for (const args of [["--help"], ["demo", "--help"], ["status", "--database", "/nowhere/ü.db"], ["stat"]]) {
    const { stdout, stderr } = await runProgram(args, { LC_ALL: "C" });
    match(stdout + stderr, /^\p{ASCII}+$/u, args.join(" "));
  }
});

Deno.test("inAscii() leaves what was cut to a width as wide as it was", () => {
  equal(inAscii("Willow Street V…  Thank you!"), "Willow Street V.  Thank you!");
  equal(inAscii("Stopping …"), "Stopping ...");
});
