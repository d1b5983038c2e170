/** The agent's property list, read back by a parser that is not its writer. */
import { deepEqual, ok, throws } from "node:assert/strict";
import { agentPlist } from "../../src/launchd/plist.ts";
import { flagsIn, programIn } from "../../src/launchd/plist_words.ts";
import { AGENT_LABEL, agentPlaces } from "../../src/launchd/places.ts";
import { decodePlist, type PlistValue } from "../../src/apple_formats/plist.ts";

const places = agentPlaces("/Users/jane");
const made = { program: places.binary, log: places.log };

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function read(text: string): Record<string, PlistValue> {
  const decoded = decodePlist(bytesOf(text));
  ok(decoded.ok && decoded.value instanceof Map);
  return Object.fromEntries(decoded.value);
}

Deno.test("agentPlist() has launchd keep `run --wait` up, log to an absolute path and start at login", () => {
  deepEqual(read(agentPlist({ ...made, flags: [] })), {
    Label: AGENT_LABEL,
    ProgramArguments: [
      "/Users/jane/Library/Application Support/ChatStats/bin/chatstats-live-sync",
      "run",
      "--wait",
    ],
    AssociatedBundleIdentifiers: "com.chatstats.live-sync",
    RunAtLoad: true,
    KeepAlive: new Map([["SuccessfulExit", false]]),
    ThrottleInterval: 10,
    ProcessType: "Standard",
    StandardOutPath: "/Users/jane/Library/Logs/ChatStats/live-sync.log",
    StandardErrorPath: "/Users/jane/Library/Logs/ChatStats/live-sync.log",
  });
});

Deno.test("agentPlist() keeps every character when paths and flags have those of XML", () => {
  const flags = [
    "--database",
    `/Volumes/A & B/<i>"it's" ]]> &amp; ü 😀 /x.db`,
    "--allow-origin",
    "http://a:1",
  ];
  const odd = agentPlaces("/Users/<jane & co>");
  const plist = agentPlist({ program: odd.binary, log: odd.log, flags });
  const { ProgramArguments: words, StandardErrorPath: log } = read(plist);
  deepEqual(words, [odd.binary, "run", "--wait", ...flags]);
  deepEqual(log, odd.log);
  deepEqual(flagsIn(bytesOf(plist)), flags);
  deepEqual(programIn(bytesOf(plist)), odd.binary);
});

Deno.test("agentPlist() refuses a flag when XML can't hold it", () => {
  for (const bad of ["/tmp/a\nb.db", "/tmp/\u0001.db", "/tmp/\ud800.db", "/tmp/\uffff.db"]) {
    throws(
      () => agentPlist({ ...made, flags: ["--database", bad] }),
      /Cannot write the agent's property list/,
    );
  }
});

Deno.test("flagsIn() gives nothing when the file is another's or damaged", () => {
  const flags = ["--port", "4711"];
  const other = agentPlist({ ...made, flags }).replace("<string>--wait</string>", "<string>x</string>");
  for (const text of ["", "<plist><dict/></plist>", other, agentPlist({ ...made, flags }).slice(0, 500)]) {
    deepEqual(flagsIn(bytesOf(text)), [], text);
    if (text !== other) deepEqual(programIn(bytesOf(text)), null, text);
  }
});

Deno.test(
  "the agent's property list passes Apple's own plutil",
  { ignore: Deno.build.os !== "darwin" },
  () => {
    const path = Deno.makeTempFileSync({ suffix: ".plist" });
    Deno.writeTextFileSync(path, agentPlist({ ...made, flags: ["--database", "/a & b"] }));
    const { code } = new Deno.Command("/usr/bin/plutil", { args: ["-lint", path] }).outputSync();
    Deno.removeSync(path);
    deepEqual(code, 0);
  },
);
