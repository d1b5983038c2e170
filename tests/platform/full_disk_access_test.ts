import { deepEqual, match, ok } from "node:assert/strict";
import {
  type Grantee,
  granteeOf,
  OPEN_SETTINGS,
  permissionHint,
  type Surroundings,
} from "../../src/platform/full_disk_access.ts";

const BINARY = "/Users/jane/Library/Application Support/ChatStats/bin/chatstats-live-sync";
/** As launchd starts it. */
const launchd: Surroundings = {
  os: "darwin",
  executable: BINARY,
  sidecar: false,
  onTerminal: false,
  termProgram: null,
  overSsh: false,
  bundle: null,
};
const terminal = { ...launchd, onTerminal: true };
const cases: [string, Surroundings, Grantee, RegExp][] = [
  [
    "launchd",
    launchd,
    { kind: "program", path: BINARY },
    /Grant it to: .*\/chatstats-live-sync /,
  ],
  [
    "our own app, double-clicked or by launchd",
    { ...launchd, executable: "/Applications/ChatStats Live-Sync.app/Contents/MacOS/chatstats-live-sync" },
    { kind: "own_app", name: "ChatStats Live-Sync", path: "/Applications/ChatStats Live-Sync.app" },
    /It is ChatStats Live-Sync which needs it: .* add \/Applications\/ChatStats Live-Sync\.app with \+\./,
  ],
  [
    "our own app, never moved from where it was downloaded",
    {
      ...launchd,
      executable: "/private/var/T/AppTranslocation/1/d/ChatStats Live-Sync.app/Contents/MacOS/x",
    },
    {
      kind: "own_app",
      name: "ChatStats Live-Sync",
      path: "/private/var/T/AppTranslocation/1/d/ChatStats Live-Sync.app",
    },
    /Move ChatStats Live-Sync to the Applications folder in Finder and open it there first/,
  ],
  [
    "our own app's program, typed in Terminal",
    {
      ...terminal,
      termProgram: "Apple_Terminal",
      executable: "/Applications/ChatStats Live-Sync.app/Contents/MacOS/chatstats-live-sync",
    },
    { kind: "terminal", name: "Terminal" },
    /It is Terminal which needs it/,
  ],
  [
    "an app",
    // The app was started from a terminal, as in development: still the app's affair.
    { ...terminal, sidecar: true, bundle: "com.example.ChatStats" },
    { kind: "app", bundle: "com.example.ChatStats" },
    /the app that started this program which needs it \(com\.example\.ChatStats\)/,
  ],
  [
    "Terminal",
    { ...terminal, termProgram: "Apple_Terminal" },
    { kind: "terminal", name: "Terminal" },
    /It is Terminal which needs it.* quit Terminal, open it again/,
  ],
  [
    "iTerm",
    { ...terminal, termProgram: "iTerm.app" },
    { kind: "terminal", name: "iTerm" },
    /It is iTerm which/,
  ],
  [
    "another terminal",
    { ...terminal, termProgram: "WezTerm" },
    { kind: "terminal", name: "WezTerm" },
    /It is WezTerm which/,
  ],
  [
    "tmux",
    { ...terminal, termProgram: "tmux" },
    { kind: "terminal", name: null },
    /It is the terminal app that you use which/,
  ],
  ["no name", terminal, { kind: "terminal", name: null }, /It is the terminal app that you use which/],
  [
    "a name that is none",
    { ...terminal, termProgram: "x\x1b[2J" },
    { kind: "terminal", name: null },
    /It is the terminal app that you use which/,
  ],
  [
    "SSH",
    { ...terminal, termProgram: "Apple_Terminal", overSsh: true },
    { kind: "remote" },
    /Remote Login › Allow full disk access for remote users/,
  ],
];
for (const [how, facts, grantee, words] of cases) {
  Deno.test(`granteeOf() and permissionHint() name who needs the grant when started from ${how}`, () => {
    deepEqual(granteeOf(facts), grantee);
    const hint = permissionHint(facts);
    match(hint, words);
    match(hint, /^Grant Full Disk Access in System Settings › Privacy & Security\. /);
    ok(hint.includes(OPEN_SETTINGS));
    match(hint, /Syncing resumes automatically then; if it does not, .*\.$/);
  });
}

Deno.test("permissionHint() speaks of file rights first when the system is no Mac", () => {
  const hint = permissionHint({ ...terminal, os: "linux" });
  match(hint, /^Make the file and its folder readable for yourself\. On a Mac: Grant Full Disk Access/);
});
