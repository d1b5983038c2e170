/** The program without a word behind its name, on a real terminal. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { browserCall, showDashboard } from "../../src/cli/browser.ts";
import { welcomeText } from "../../src/cli/welcome.ts";
import { Patient } from "../doctor/support/patient.ts";
import { parseObject, RunningProgram, runProgram } from "./support/program.ts";
import { hasTerminal, onTerminal } from "./support/terminal.ts";

const facts = { version: "1.2.3", address: "http://127.0.0.1:1/#token=T", os: "darwin" };

Deno.test("welcomeText() says what it is, where its page is, how to keep it and how to stop it when on a Mac", () => {
  equal(
    welcomeText({ ...facts, program: "/Users/jane/My Downloads/chatstats-live-sync" }),
    "ChatStats Live-Sync 1.2.3 keeps a database of your own in step with Messages.\n" +
      "It only reads Messages and Contacts, and everything stays on this Mac.\n\n" +
      "  Dashboard      http://127.0.0.1:1/#token=T\n" +
      "  At each login  '/Users/jane/My Downloads/chatstats-live-sync' agent install   (in another window)\n" +
      "  Stop           Ctrl-C, or close this window\n\n",
  );
});

Deno.test("welcomeText() offers no agent where there is none to install", () => {
  for (
    const text of [
      welcomeText({ ...facts, program: null }),
      welcomeText({ ...facts, os: "linux", program: "/x" }),
    ]
  ) {
    ok(!text.includes("agent"));
  }
});

Deno.test("showDashboard() asks the system's opener for the page with the token, and prints it only when that fails", async () => {
  const instance = { url: "http://127.0.0.1:1", token: "a+b" };
  const calls: (readonly string[])[] = [];
  const show = (code: number) =>
    showDashboard(instance, {
      os: "darwin",
      run: (argv) => {
        calls.push(argv);
        return Promise.resolve({ code, stdout: "", stderr: "" });
      },
    });
  equal(await show(0), "Opened http://127.0.0.1:1 in the browser.\n");
  equal(await show(127), "Open this in a browser: http://127.0.0.1:1/#token=a%2Bb\n");
  deepEqual(calls[0], ["/usr/bin/open", "http://127.0.0.1:1/#token=a%2Bb"]);
  deepEqual(browserCall("linux", "A"), ["xdg-open", "A"]);
});

/** What the command line would have said, for one that has no words. */
function environmentOf(patient: Patient): Record<string, string> {
  return {
    CHATSTATS_MESSAGES_DB: patient.messagesDb,
    CHATSTATS_ADDRESSBOOK_DIR: patient.addressBook,
    CHATSTATS_DATABASE: patient.database,
  };
}

/** An `xdg-open` and an `open` that write down what they were asked for. */
function fakeBrowser(patient: Patient): { readonly env: Record<string, string>; asked(): string } {
  const file = `${patient.folder}/asked`;
  const bin = `${patient.folder}/bin`;
  Deno.mkdirSync(bin);
  Deno.writeTextFileSync(`${bin}/xdg-open`, `#!/bin/sh\necho "$@" > ${file}\n`);
  Deno.chmodSync(`${bin}/xdg-open`, 0o755);
  return { env: { PATH: `${bin}:${Deno.env.get("PATH")}` }, asked: () => Deno.readTextFileSync(file) };
}

const linux = { ignore: !hasTerminal || Deno.build.os !== "linux" };

Deno.test(
  "double-clicked, the program welcomes, goes live and ends at Ctrl-C with exit code 0",
  linux,
  async () => {
    using patient = new Patient();
    await using program = onTerminal([], environmentOf(patient));
    const address = await program.lineOut((line) => /http:\/\/127\.0\.0\.1:\d+\/#token=\S+/.test(line));
    match(address, /Dashboard/);
    ok(program.linesOut.some((line) => line.includes("keeps a database of your own in step with Messages")));
    await program.lineOut((line) => line.includes("Import finished"));
    await program.type("\x03");
    equal((await program.ended()).code, 0);
  },
);

Deno.test(
  "double-clicked while an instance runs, the program says so, opens its page and ends with exit code 0",
  linux,
  async () => {
    using patient = new Patient();
    const browser = fakeBrowser(patient);
    await using first = new RunningProgram(["--sidecar", ...patient.flags]);
    const { url, token } = parseObject(await first.lineOut((line) => line.includes('"ready"')));
    await using second = onTerminal([], { ...environmentOf(patient), ...browser.env });
    const { code, stdout } = await second.ended();
    equal(code, 0, stdout);
    match(stdout, new RegExp(`is already running \\(process ${first.pid}\\)`));
    match(stdout, new RegExp(`Opened ${url} in the browser`));
    equal(browser.asked(), `${url}/#token=${token}\n`);
    // Typed as a command, or without a terminal, it refuses.
    await using typed = onTerminal(["run"], environmentOf(patient));
    equal((await typed.ended()).code, 1);
    equal((await runProgram([], environmentOf(patient))).code, 1);
  },
);
