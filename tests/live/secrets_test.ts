/** Nothing private stands where it does not belong: not in the log of any level, not in what `status` and `sync` say. */
import { equal, ok } from "node:assert/strict";
import { openDatabase } from "../../src/sqlite/sqlite.ts";
import { type Ended, RunningProgram, runProgram } from "../cli/support/program.ts";
import { SocketClient } from "../notify/support/socket_client.ts";
import { clear, FAULTS, putMessages } from "./support/faults.ts";
import { follow, isCreated, readyOf, Scene, state } from "./support/scene.ts";
import { slowTest } from "../support/slow.ts";

const SECRETS = {
  text: "xylophone-quarterly",
  number: "5550177123",
  address: "vera.larkspur@example.org",
  group: "Parliament of Owls",
  file: "owl-plans.pdf",
  emoji: "🦩",
  token: "token-of-the-owls-0123456789abcdef",
} as const;

type Way = readonly [level: string, format: string];

/** What a whole life says: the long-running program, and the commands beside it and after it. */
interface Said {
  readonly run: Ended;
  readonly others: readonly Ended[];
}

async function liveAndDie([level, format]: Way): Promise<Said> {
  await using scene = new Scene();
  await scene.startMessages();
  const { number, address, group, text, file, emoji, token } = SECRETS;
  const chat = (await scene.messages.createGroup({ members: [`+1${number}`, address], name: group })).guid;
  await scene.messages.message({ chat, from: address, text: `${text} before` });
  const log = ["--log-level", level, "--log-format", format];
  const env = { CHATSTATS_TOKEN: token };
  await using program = new RunningProgram(["run", "--sidecar", ...log, ...scene.flags], env);
  const ready = await readyOf(program);
  await state(ready, "live");
  const client = await follow(ready, "*");

  // Live: a message with an attachment, edited, answered, its body not decodable.
  const attachments = [{ name: file, filename: `~/Library/Messages/Attachments/${file}` }];
  const { guid } = await scene.messages.message({ chat, from: `+1${number}`, text, attachments });
  await client.have(1, isCreated);
  await scene.messages.edit({ guid, text: `${text} edited` });
  await scene.messages.tapback({ target: guid, kind: "emoji", emoji, from: address });
  await scene.messages.change({
    guid,
    columns: { attributedBody: new TextEncoder().encode(text), text: null },
  });
  await client.have(1, (each) => each.event === "message.updated");
  await client.have(1, (each) => each.event === "reaction.added");
  await scene.messages.createGroup({ members: [`+1${number}`, address], name: `${group} at night` });
  await client.have(1, (each) => each.event === "chat.created");
  await client.close();

  await beRude(ready, program);
  const beside = await Promise.all(
    [["status"], ["status", "--json"], ["sync", ...log], ["sync", "--json", ...log], ["run", ...log], [
      "doctor",
    ]]
      .map((words) => runProgram([...words, ...scene.flags], env)),
  );
  await underLock(scene);
  await scene.messages.close();
  for (const fault of FAULTS.filter(({ name }) => ["no file", "text", "half of it"].includes(name))) {
    clear(scene);
    await state(ready, "source_missing");
    fault.put(scene);
    await state(ready, fault.state);
  }
  clear(scene);
  Deno.writeTextFileSync(scene.chatDb, `${text} ${address} `.repeat(500));
  await state(ready, "failed");
  clear(scene);
  putMessages(scene, 2);
  await state(ready, "live");
  program.signal("SIGTERM");
  return { run: await program.ended(), others: [...beside, ...await after(scene, log, env)] };
}

/** Requests and messages that are refused, each with something private in it. */
async function beRude(ready: Awaited<ReturnType<typeof readyOf>>, program: RunningProgram): Promise<void> {
  const { text, number, token } = SECRETS;
  for (const wrong of [text, `${token}x`, ""]) {
    const response = await fetch(`${ready.url}/api/v1/status?${text}`, {
      headers: { authorization: `Bearer ${wrong}` },
    });
    equal(response.status, 401);
    await response.body?.cancel();
  }
  const lost = await fetch(`${ready.url}/api/v1/${text}`, { headers: { authorization: `Bearer ${token}` } });
  equal(lost.status, 404);
  await lost.body?.cancel();
  const client = await SocketClient.connect(`${ready.ws}?token=${token}`);
  await client.ask({ type: "subscribe", topics: [text] }, "error");
  await client.ask({ type: text, number }, "error");
  await client.close();
  await program.say({ type: text });
  await program.lineOut((line) => line.includes('"type":"error"'));
}

/** A message comes while somebody else holds our database. */
async function underLock(scene: Scene): Promise<void> {
  using other = openDatabase(scene.database);
  other.exec("BEGIN IMMEDIATE");
  await scene.fromJane(`${SECRETS.text} under lock`);
  await new Promise((resolve) => setTimeout(resolve, 150));
  other.exec("ROLLBACK");
}

/** A source that can't be read, and a database of a newer version. */
async function after(scene: Scene, log: readonly string[], env: Record<string, string>): Promise<Ended[]> {
  clear(scene);
  Deno.writeTextFileSync(scene.chatDb, `${SECRETS.text} `.repeat(500));
  const unread = await runProgram(["sync", ...log, ...scene.flags], env);
  {
    using db = openDatabase(scene.database);
    db.exec("PRAGMA main.user_version = 999");
  }
  const newer = await Promise.all(
    [["run", "--sidecar", ...log], ["sync", ...log], ["status"]]
      .map((words) => runProgram([...words, ...scene.flags], env)),
  );
  for (const { code } of [unread, ...newer]) equal(code, 1);
  return [unread, ...newer];
}

/** Names of the secrets that stand in `said`. */
function found(said: string): string[] {
  return Object.entries(SECRETS).filter(([, secret]) => said.includes(secret)).map(([name]) => name);
}

slowTest(
  "no secret stands in the log of any level, nor in what other commands print, after a whole life with failures",
  async () => {
    // At `debug` everything is said, and a higher level says a part of it: the others are for `test:long`.
    const ways: Way[] = [["debug", "json"], ["debug", "text"]];
    if (Deno.env.get("CHATSTATS_TEST_LONG") === "1") {
      ways.push(["info", "text"], ["warning", "json"], ["error", "text"]);
    }
    // Mostly they wait for the back-off after a failure, so all of them at once.
    for (
      const [way, { run, others }] of await Promise.all(
        ways.map(async (way) => [way, await liveAndDie(way)] as const),
      )
    ) {
      equal(run.code, 0, run.stderr);
      equal(found(run.stdout).join(), Object.keys(SECRETS).join(), "the parent was told all of it");
      equal(run.stderr.includes("debug"), way[0] === "debug");
      ok(run.stderr.includes("Cannot sync"), "its failures stand in the log");
      equal(found(run.stderr).join(), "", `the log at ${way.join()}`);
      for (const { stdout, stderr } of others) equal(found(stdout + stderr).join(), "", stdout + stderr);
    }
  },
);
