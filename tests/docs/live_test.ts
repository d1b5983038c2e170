/**
 * What the documents tell a developer to type, tried beside the real program: the snippet of README.md gets an event, the
 * queries of SCHEMA.md have answers, and what they answer has the values that SCHEMA.md names.
 */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { createChatDatabase } from "../../src/simulator/chat_database.ts";
import { makeContactsPast } from "../../src/simulator/contacts_pace.ts";
import { planContacts } from "../../src/simulator/contacts_plan.ts";
import { playHumanPast } from "../../src/simulator/human_past.ts";
import { MessagesApp } from "../../src/simulator/messages_app.ts";
import type { Connection } from "../../src/sqlite/sqlite.ts";
import { RunningProgram } from "../cli/support/program.ts";
import { readyOf, state } from "../live/support/scene.ts";
import { TextLineStream } from "../support/text_lines.ts";
import { until } from "../support/until.ts";
import { codeBlocks, codeIn, readPage, section, tableRows } from "./support/pages.ts";

const schema = readPage("src/store/SCHEMA.md");

/** A home folder with the demo's people in Messages and Contacts, and the program at work on them. */
class Home implements AsyncDisposable {
  readonly folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "chatstats-docs-" }));
  readonly database = `${this.folder}/Library/Application Support/ChatStats/chatstats.db`;
  readonly #chatDb: Connection;
  readonly app: MessagesApp;
  #program: RunningProgram | null = null;

  constructor() {
    const messages = `${this.folder}/chat.db`;
    this.#chatDb = createChatDatabase(messages, { release: "macos15", synchronous: "normal" });
    this.app = new MessagesApp(this.#chatDb);
    const history = playHumanPast(this.#chatDb, { messages: 3_000, seed: 1, endMs: Date.now() });
    while (history.next().done !== true);
    makeContactsPast(planContacts(1), `${this.folder}/AddressBook`, this.app);
  }

  async start(): Promise<void> {
    const flags = [
      "--messages-db",
      `${this.folder}/chat.db`,
      "--addressbook-dir",
      `${this.folder}/AddressBook`,
    ];
    this.#program = new RunningProgram(["run", "--sidecar", ...flags, "--database", this.database]);
    await state(await readyOf(this.#program), "live");
  }

  /** As SCHEMA.md says: only for reading. */
  read(): DatabaseSync {
    return new DatabaseSync(`file:${encodeURI(this.database)}?mode=ro`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program?.[Symbol.asyncDispose]();
    this.#chatDb.close();
    Deno.removeSync(this.folder, { recursive: true });
  }
}

/** Resolves when the snippet has printed what it was told of. */
async function snippetHears(home: Home): Promise<void> {
  const [snippet, ...others] = codeBlocks(readPage("README.md"), "js");
  assert.ok(snippet !== undefined && others.length === 0);
  const file = `${home.folder}/client.mjs`;
  Deno.writeTextFileSync(file, snippet);
  const client = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-prompt", file],
    env: { HOME: home.folder },
    stdout: "piped",
  }).spawn();
  const printed: string[] = [];
  const reading = (async () => {
    const lines = client.stdout.pipeThrough(new TextLineStream());
    for await (const line of lines) printed.push(line);
  })();
  try {
    await until(() => printed.join("\n").includes("subscribed"), "the answer to the snippet's subscribe");
    const from = "+12125550999";
    home.app.message({ chat: home.app.createChat({ address: from }).guid, from, text: "to the snippet" });
    await until(() => printed.join("\n").includes("to the snippet"), "the event in what the snippet prints");
  } finally {
    client.kill();
    await client.status;
    await reading;
  }
}

/** Columns of SCHEMA.md that list their values, all of which must be named there. */
const VALUES = [
  ["contacts", "name_source"],
  ["contacts", "data_source"],
  ["contact_identifiers", "type"],
  ["contact_merges", "reason"],
  ["chat_events", "kind"],
  ["messages", "message_type"],
  ["reactions", "reaction_type"],
  ["pending_rows", "kind"],
  ["pending_rows", "reason"],
] as const;

function namesValues(db: DatabaseSync, table: string, column: string): void {
  const rows = tableRows(section(schema, `### \`${table}\``), "column");
  const told = codeIn(rows.find(([name]) => name === `\`${column}\``)?.[1] ?? "");
  assert.ok(told.length > 1, `SCHEMA.md tells no values of ${table}.${column}`);
  const found = db.prepare(`SELECT DISTINCT ${column} AS value FROM ${table}`).all().map(({ value }) =>
    value
  );
  for (const value of found) assert.ok(told.includes(String(value)), `${table}.${column}: ${String(value)}`);
}

Deno.test("what the documents say to a developer works when the program runs", async (test) => {
  await using home = new Home();
  await home.start();
  await test.step("the snippet of README.md prints events", () => snippetHears(home));
  using db = home.read();
  const isThere = (table: string) => db.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get() !== undefined;
  await until(() => isThere("conversations"), "conversations");
  await test.step("SCHEMA.md has ten queries, and each has an answer", () => {
    const queries = codeBlocks(schema, "sql");
    assert.equal(queries.length, 10);
    for (const query of queries) assert.ok(db.prepare(query).all().length > 0, query);
  });
  await test.step("SCHEMA.md names the values that stand in the database", () => {
    for (const [table, column] of VALUES) namesValues(db, table, column);
  });
  await test.step("a database that is open with mode=ro can't be changed", () => {
    assert.throws(() => db.exec("DELETE FROM messages"), /readonly/);
  });
});
