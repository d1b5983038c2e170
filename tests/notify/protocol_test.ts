/** PROTOCOL.md and the code say the same. The types are read as text, since they are gone at run time. */
import assert from "node:assert/strict";
import { REACTION_TYPES, STORED_EVENTS, SYNC_STATES, TRANSIENT_EVENTS } from "../../src/model/events.ts";
import { PROTOCOL_ERRORS } from "../../src/notify/messages.ts";
import { TOPIC_FORMS } from "../../src/notify/topics.ts";

const read = (path: string) => Deno.readTextFileSync(new URL(`../../src/${path}`, import.meta.url));
const page = read("notify/PROTOCOL.md");
const code = read("model/events.ts");

/** The text below a heading, up to the next one. */
function section(heading: string): string {
  const start = page.indexOf(`\n${heading}\n`);
  assert.ok(start >= 0, `no heading ${heading}`);
  const body = page.slice(start + heading.length + 2);
  const end = body.search(/^#/m);
  return end < 0 ? body : body.slice(0, end);
}

/** The names in the first column of a table, in its order. */
function firstColumn(text: string): string[] {
  return [...text.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] ?? "");
}

const names = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1] ?? "");
const sorted = (values: Iterable<string>) => [...new Set(values)].toSorted();

/** The body of `export interface NAME { … }`. */
function interfaceBody(name: string): string {
  const body = new RegExp(`interface ${name} \\{\\n([\\s\\S]*?)\\n\\}`).exec(code)?.[1];
  assert.ok(body !== undefined, `no interface ${name}`);
  return body;
}

const fieldsOf = (name: string) => names(interfaceBody(name), /^ {2}readonly (\w+)\??:/gm);

Deno.test("PROTOCOL.md names every event and no other", () => {
  assert.deepEqual(firstColumn(section("## Events")), [...STORED_EVENTS, ...TRANSIENT_EVENTS]);
});

Deno.test("PROTOCOL.md names every field of every event's data and no other", () => {
  const rows = new Map(
    [...section("## Events").matchAll(/^\| `([^`]+)` \|.*\| ([^|]+) \|$/gm)]
      .map((match) => [match[1], names(match[2] ?? "", /`(\w+)`/g)]),
  );
  for (const holder of ["EventData", "TransientData"]) {
    const entries = interfaceBody(holder).split(/^ {2}"/m).slice(1);
    for (const entry of entries) {
      const event = entry.slice(0, entry.indexOf('"'));
      const referred = names(
        entry,
        /(?:^|[&:] )(Changes|ContactChange|MergeChange|ReactionChange|AttachmentChange)\b/gm,
      ).flatMap(fieldsOf);
      const fields = [...names(entry, /readonly (\w+):/g), ...referred];
      assert.ok(fields.length > 0, event);
      assert.deepEqual(sorted(rows.get(event) ?? []), sorted(fields), event);
    }
  }
});

for (
  const [word, type] of [
    ["message", "MessageData"],
    ["reaction", "ReactionData"],
    ["attachment", "AttachmentData"],
    ["chat", "ChatData"],
  ] as const
) {
  Deno.test(`PROTOCOL.md names every field of ${word} and no other`, () => {
    assert.deepEqual(firstColumn(section(`### Fields of \`${word}\``)), fieldsOf(type));
  });
}

Deno.test("PROTOCOL.md shows every message type, both ways, and no other", () => {
  const types = (text: string) => sorted(names(text, /\{"type":"(\w+)"/g));
  const [client, server] = code.slice(code.indexOf("export type ClientMessage")).split(
    "export type ServerMessage",
  );
  assert.ok(client !== undefined && server !== undefined);
  assert.deepEqual(types(section("## What a client sends")), sorted(names(client, /type: "(\w+)"/g)));
  const fromServer = [...names(server, /type: "(\w+)"/g), "ready", "fatal", "event"];
  assert.deepEqual(types(section("## What comes back")), sorted(fromServer));
});

Deno.test("PROTOCOL.md names every error code and no other", () => {
  assert.deepEqual(firstColumn(section("### Error codes")), [...PROTOCOL_ERRORS]);
});

Deno.test("PROTOCOL.md names every topic and no other", () => {
  assert.deepEqual(sorted(firstColumn(section("### Topics"))), sorted(TOPIC_FORMS));
});

Deno.test("PROTOCOL.md names every state and kind of reaction", () => {
  for (const name of [...SYNC_STATES, ...REACTION_TYPES]) assert.ok(page.includes(`\`${name}\``), name);
});
