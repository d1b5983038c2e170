import assert from "node:assert/strict";
import fc from "fast-check";
import { type ConfigInput, readConfig } from "../src/config.ts";
import { UsageError } from "../src/model/errors.ts";
import { configInput as input } from "./support/config.ts";

function refusal(changes: Partial<ConfigInput>): string {
  try {
    readConfig(input(changes));
  } catch (error) {
    assert.ok(error instanceof UsageError);
    assert.ok(!error.message.includes("\n"));
    return error.hint === "" ? error.message : `${error.message}; ${error.hint}`;
  }
  throw new assert.AssertionError({ message: "nothing was refused" });
}

Deno.test("readConfig() gives the contract's defaults when nothing is said", () => {
  const config = readConfig(input());
  assert.deepEqual({ ...config }, {
    home: "/Users/jane",
    messagesDb: "/Users/jane/Library/Messages/chat.db",
    addressbookDir: "/Users/jane/Library/Application Support/AddressBook",
    database: "/Users/jane/Library/Application Support/ChatStats/chatstats.db",
    port: 0,
    token: "random",
    allowOrigins: [],
    contactsIntervalSeconds: 60,
    syncCooldownSeconds: 60,
    conversationGapMinutes: 90,
    region: null,
    sidecar: false,
    logLevel: "info",
    logFormat: "json",
    fileEvents: true,
    wait: false,
  });
  assert.ok(Object.isFrozen(config));
  assert.ok(Object.isFrozen(config.allowOrigins));
  assert.equal(readConfig(input({ isTerminal: true })).logFormat, "text");
});

Deno.test("readConfig() puts the database into the XDG data home when it is not a Mac", () => {
  const at = (xdgDataHome: string | null) =>
    readConfig(input({ os: "linux", home: "/home/j", xdgDataHome })).database;
  assert.equal(at(null), "/home/j/.local/share/ChatStats/chatstats.db");
  assert.equal(at("/data"), "/data/ChatStats/chatstats.db");
  assert.equal(at("relative"), "/home/j/.local/share/ChatStats/chatstats.db");
});

const ENVIRONMENT = {
  CHATSTATS_MESSAGES_DB: "~/m.db",
  CHATSTATS_ADDRESSBOOK_DIR: "/books/",
  CHATSTATS_DATABASE: "data/../x.db",
  CHATSTATS_PORT: "4000",
  CHATSTATS_TOKEN: "from-env-16-chars",
  CHATSTATS_ALLOW_ORIGIN: "null, https://a.example/ ,",
  CHATSTATS_CONTACTS_INTERVAL: "5",
  SYNC_COOLDOWN_SECONDS: "0",
  CHATSTATS_CONVERSATION_GAP: "30",
  CHATSTATS_REGION: "de",
  CHATSTATS_LOG_LEVEL: "debug",
  CHATSTATS_LOG_FORMAT: "text",
  CHATSTATS_FILE_EVENTS: "0",
};

Deno.test("readConfig() takes every setting from the environment when no flag is given", () => {
  assert.deepEqual({ ...readConfig(input({ env: ENVIRONMENT })) }, {
    home: "/Users/jane",
    messagesDb: "/Users/jane/m.db",
    addressbookDir: "/books",
    database: "/work/x.db",
    port: 4000,
    token: "from-env-16-chars",
    allowOrigins: ["null", "https://a.example"],
    contactsIntervalSeconds: 5,
    syncCooldownSeconds: 0,
    conversationGapMinutes: 30,
    region: "DE",
    sidecar: false,
    logLevel: "debug",
    logFormat: "text",
    fileEvents: false,
    wait: false,
  });
});

Deno.test("readConfig() lets a flag win over the environment", () => {
  const config = readConfig(input({
    env: ENVIRONMENT,
    flags: {
      messagesDb: "/f.db",
      addressbookDir: "~",
      database: "./f.db",
      port: "1",
      token: "flag-0123456789.~_",
      allowOrigin: ["file://", "app://chatstats", "file://"],
      contactsInterval: "1",
      syncCooldown: "2",
      conversationGap: "525600",
      region: "US",
      sidecar: true,
      logLevel: "error",
      logFormat: "json",
      fileEvents: true,
      wait: true,
    },
  }));
  assert.deepEqual({ ...config }, {
    home: "/Users/jane",
    messagesDb: "/f.db",
    addressbookDir: "/Users/jane",
    database: "/work/f.db",
    port: 1,
    token: "flag-0123456789.~_",
    allowOrigins: ["file://", "app://chatstats"],
    contactsIntervalSeconds: 1,
    syncCooldownSeconds: 2,
    conversationGapMinutes: 525_600,
    region: "US",
    sidecar: true,
    logLevel: "error",
    logFormat: "json",
    fileEvents: true,
    wait: true,
  });
});

Deno.test("readConfig() counts an empty variable as not set when a shell exports it so", () => {
  const empty = Object.fromEntries(Object.keys(ENVIRONMENT).map((name) => [name, ""]));
  assert.deepEqual(readConfig(input({ env: empty })), readConfig(input()));
});

Deno.test("readConfig() takes exactly the whole numbers from 0 to 65535 when a port is given", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 65_535 }), (port) => {
    assert.equal(readConfig(input({ flags: { port: String(port) } })).port, port);
  }));
  const wrong = fc.oneof(
    fc.integer({ min: 65_536 }).map(String),
    fc.integer({ max: -1 }).map(String),
    fc.double({ noInteger: true }).map(String),
    fc.string().filter((text) => !/^[0-9]+$/.test(text)),
  );
  fc.assert(fc.property(wrong, (port) => {
    assert.match(refusal({ flags: { port } }), /^--port must be a whole number from 0 to 65535, not /);
  }));
});

Deno.test("readConfig() names the flag or the variable and what is allowed when a value is out of range", () => {
  const cases: [Partial<ConfigInput>, RegExp][] = [
    [{ flags: { contactsInterval: "0" } }, /^--contacts-interval must be a whole number from 1 to /],
    [{ env: { CHATSTATS_CONTACTS_INTERVAL: "1.5" } }, /^CHATSTATS_CONTACTS_INTERVAL must .* "1\.5"$/],
    [{ flags: { contactsInterval: "9999999999" } }, /from 1 to 2147483/],
    [{ flags: { syncCooldown: "-1" } }, /^--sync-cooldown must be a whole number from 0 to /],
    [{ flags: { conversationGap: "0" } }, /^--conversation-gap must be a whole number from 1 to 525600/],
    [{ env: { SYNC_COOLDOWN_SECONDS: "soon" } }, /^SYNC_COOLDOWN_SECONDS must/],
    [{ flags: { region: "USA" } }, /^--region must be a two-letter country code .* did you mean US\?$/],
    [{ flags: { region: "uk" } }, /not "uk"; did you mean GB\?$/],
    [
      { env: { CHATSTATS_REGION: "XX" } },
      /^CHATSTATS_REGION must be a two-letter country code .*, not "XX"$/,
    ],
    [{ flags: { logLevel: "warn" } }, /^--log-level must be one of debug, info, warning, error, not "warn"$/],
    [{ env: { CHATSTATS_LOG_FORMAT: "xml" } }, /^CHATSTATS_LOG_FORMAT must be one of text, json/],
    [{ env: { CHATSTATS_FILE_EVENTS: "yes" } }, /^CHATSTATS_FILE_EVENTS must be one of 0, 1/],
    [{ flags: { database: "" } }, /^--database needs a path$/],
    [{ flags: { database: "/folder/" } }, /^--database needs the path of a file$/],
    [{ flags: { allowOrigin: ["*"] } }, /^--allow-origin must be one origin/],
    [{ flags: { allowOrigin: ["https://a.example/page"] } }, /^--allow-origin must be one origin/],
    [{ env: { CHATSTATS_ALLOW_ORIGIN: "https://a.example,b" } }, /^CHATSTATS_ALLOW_ORIGIN must .* "b"$/],
    [{ home: null }, /HOME is not set/],
    [{ home: null, flags: { messagesDb: "~/x" } }, /HOME is not set; give --messages-db a path/],
  ];
  for (const [changes, expected] of cases) assert.match(refusal(changes), expected);
});

Deno.test("readConfig() keeps a token to itself when it is refused", () => {
  const message = refusal({ flags: { token: "sécret word" } });
  assert.match(message, /^--token must be/);
  assert.ok(!message.includes("cret"));
  assert.match(refusal({ flags: { token: "" } }), /^--token must be/);
  for (const token of ["short", "fifteen-letters", "with/slash+and=0123456789", "x".repeat(1025)]) {
    assert.match(refusal({ env: { CHATSTATS_TOKEN: token } }), /^CHATSTATS_TOKEN must be 16 to 1024 letters/);
  }
  assert.equal(readConfig(input({ flags: { token: "0123456789abcdef" } })).token, "0123456789abcdef");
});

Deno.test("readConfig() needs no home folder when every path is absolute", () => {
  const flags = { messagesDb: "/m.db", addressbookDir: "/a", database: "/d.db" };
  assert.equal(readConfig(input({ home: null, flags })).database, "/d.db");
});
