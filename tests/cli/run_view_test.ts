import { configFixture } from "../support/config.ts";
import { STATUS } from "../support/status.ts";
import assert from "node:assert/strict";
import type { Io } from "../../src/cli/io.ts";
import { RunView } from "../../src/cli/run_view.ts";
import type { Clock } from "../../src/platform/clock.ts";
import {
  CANNOT_SYNC,
  CONTACTS_INCOMPLETE,
  type StatusReport,
  STORES_UNREADABLE,
} from "../../src/model/status.ts";

const config = configFixture({
  home: "/h",
  os: "linux",
  cwd: "/",
  randomToken: () => "TOKEN",
  isTerminal: true,
});

const status: StatusReport = {
  ...STATUS,
  version: "1.2.3",
  seq: 1,
  database: { ...STATUS.database, messages: 12, chats: 2 },
  clients: 1,
};

const app = {
  ready: {
    type: "ready",
    version: "1.2.3",
    pid: 1,
    port: 1,
    url: "http://127.0.0.1:1",
    ws: "ws://127.0.0.1:1/ws",
    token: "TOKEN",
    database: "/d",
    feed: "f",
    seq: 0,
  },
  status: () => status,
} as const;

function stage(errIsTerminal: boolean) {
  const written: string[] = [];
  const timers: (() => void)[] = [];
  const io: Io = {
    out: (text) => assert.fail(`stdout got ${text}`),
    err: (text) => written.push(text),
    outIsTerminal: false,
    errIsTerminal,
    columns: () => 80,
  };
  const clock: Clock = {
    now: () => 0,
    monotonic: () => 0,
    after: (_delay, callback) => {
      timers.push(callback);
      return () => timers.splice(timers.indexOf(callback), 1);
    },
    soon: () => assert.fail("it needs no turn of its own"),
  };
  return { io, clock, timers, text: () => written.join("") };
}

Deno.test("RunView rewrites one line and lets warnings pass above it when stderr is a terminal", () => {
  const { io, clock, timers, text } = stage(true);
  {
    using view = new RunView(io, clock, config);
    view.serving(app);
    view.log.info("ordinary");
    view.observe({ kind: "state", state: "importing", reason: "", hint: "" });
    view.observe({ kind: "import", done: 1, total: 10, completed: false });
    view.log.warning("careful");
    view.observe({ kind: "import", done: 10, total: 10, completed: true });
    view.observe({ kind: "state", state: "live", reason: "", hint: "" });
    assert.equal(timers.length, 1);
  }
  assert.equal(timers.length, 0);
  const clear = "\r\x1b[2K";
  const lines = text().split(clear);
  assert.match(lines[0] ?? "", /^chatstats-live-sync 1\.2\.3, .*\nhttp:\/\/127\.0\.0\.1:1\/#token=TOKEN\n$/);
  assert.ok(lines.includes("Importing ░░░░░░░░  10 %  1 of 10"));
  const warned = lines.findIndex((line) => line.includes("Warning: careful.\n"));
  const last = lines.findLastIndex((line) => line.includes("░"));
  assert.ok(warned > last, "no warning comes into the middle of the bar");
  assert.ok(!text().includes("ordinary"));
  assert.ok(lines.some((line) => line.startsWith("Import finished (0 ms).\n")));
  assert.equal(lines.at(-2), "Live  12 messages in 2 chats | 1 program connected");
  assert.equal(lines.at(-1), "");
});

Deno.test("RunView says once what is wrong and what to do when the state is troubled", () => {
  const { io, clock, text } = stage(true);
  using view = new RunView(io, clock, config);
  view.serving(app);
  const trouble = {
    kind: "state",
    state: "needs_permission",
    reason: "No access.",
    hint: "Grant it.",
  } as const;
  view.observe(trouble);
  view.observe(trouble);
  assert.equal(text().split("No access. Grant it.\n").length, 2);
});

Deno.test("RunView tells what is wrong below the dashboard's address, and not in the log as well, when it starts so", () => {
  const { io, clock, text } = stage(true);
  using view = new RunView(io, clock, config);
  view.starting();
  view.log.error(CANNOT_SYNC, { code: "source_missing", reason: "No file" });
  view.observe({ kind: "state", state: "source_missing", reason: "No file", hint: "Open it" });
  assert.ok(!text().includes("No file"));
  view.serving(app, (version, address) => `Hello ${version} ${address}\n`);
  assert.match(
    text(),
    /Hello 1\.2\.3 http:\/\/127\.0\.0\.1:1\/#token=TOKEN\n[^]*database\. No file\. Open it\.\n/,
  );
  view.observe({ kind: "state", state: "source_missing", reason: "A folder", hint: "Open it" });
  assert.match(text(), /database\. A folder\. Open it\.\n/);
  assert.ok(!text().includes("code="));
});

Deno.test("RunView tells what is wrong all the same when it never comes to serve", () => {
  const { io, clock, text } = stage(true);
  {
    using view = new RunView(io, clock, config);
    view.starting();
    view.observe({ kind: "state", state: "failed", reason: "No disk", hint: "" });
  }
  assert.match(text(), /Not syncing\. No disk\.\n/);
});

Deno.test("RunView writes plain log lines without the token when stderr is no terminal", () => {
  const { io, clock, text } = stage(false);
  using view = new RunView(io, clock, { ...config, logFormat: "json" });
  view.serving(app);
  view.observe({ kind: "import", done: 1, total: 10, completed: false });
  view.log.info("ordinary");
  assert.ok(!text().includes("TOKEN") && !text().includes("\x1b"));
  assert.equal(text().split("\n").length, 3);
});

Deno.test("RunView says that the import is finished only when it is, and not when the disk is full", () => {
  const { io, clock, text } = stage(true);
  using view = new RunView(io, clock, config);
  view.serving(app);
  view.observe({ kind: "state", state: "importing", reason: "", hint: "" });
  view.observe({ kind: "import", done: 10, total: 10, completed: false });
  view.observe({ kind: "state", state: "failed", reason: "The disk is full", hint: "Free some space" });
  assert.match(text(), /Not syncing\. The disk is full\. Free some space\.\n/);
  assert.ok(!text().includes("Import finished"));
  view.observe({ kind: "state", state: "importing", reason: "", hint: "" });
  view.observe({ kind: "state", state: "live", reason: "", hint: "" });
  view.observe({ kind: "import", done: 10, total: 10, completed: true });
  assert.equal(text().split("Import finished").length, 2);
});

Deno.test("RunView tells a failure nowhere when the command tells it itself", () => {
  for (const errIsTerminal of [true, false]) {
    const { io, clock, text } = stage(errIsTerminal);
    {
      using view = new RunView(io, clock, { ...config, logFormat: errIsTerminal ? "text" : "json" }, "once");
      view.log.error(CANNOT_SYNC, { code: "x", reason: "No file" });
      view.observe({ kind: "state", state: "failed", reason: "No file", hint: "" });
      view.log.warning(CONTACTS_INCOMPLETE, { [STORES_UNREADABLE]: 1 });
      view.log.warning(CONTACTS_INCOMPLETE, { [STORES_UNREADABLE]: 1, ambiguous: 2 });
    }
    assert.ok(!text().includes("No file") && !text().includes(STORES_UNREADABLE), text());
    assert.equal(text().split(CONTACTS_INCOMPLETE).length, 2);
  }
});

Deno.test("RunView says what a sync is doing from the first moment, on a terminal and without one", () => {
  for (const errIsTerminal of [true, false]) {
    const { io, clock, text } = stage(errIsTerminal);
    using view = new RunView(io, clock, config, "once");
    view.observe({ kind: "step", step: "messages" });
    assert.match(text(), /Looking for changes in Messages/);
    view.observe({ kind: "state", state: "live", reason: "", hint: "" });
    view.observe({ kind: "step", step: "conversations" });
    assert.match(text(), /Grouping messages into conversations/);
    assert.ok(!text().includes("Live"));
  }
});

Deno.test("RunView folds warnings at the terminal's width and uses words for what they count", () => {
  const { io, clock, text } = stage(true);
  using view = new RunView(io, clock, config);
  view.log.warning(CONTACTS_INCOMPLETE, {
    identifiers_unknown: 136,
    ambiguous: 2,
    cards_without_identifier: 1,
  });
  assert.match(text(), /numbers and addresses without a card: 136/);
  assert.ok(text().split("\n").length > 2 && text().split("\n").every((line) => line.length <= 80));
});
