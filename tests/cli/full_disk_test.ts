/** A disk that is really full, where the machine lets us make one. */
import { equal, match, ok } from "node:assert/strict";
import { createChatDatabase } from "../../src/simulator/chat_database.ts";
import { MessagesApp } from "../../src/simulator/messages_app.ts";
import { openDatabase } from "../../src/sqlite/sqlite.ts";
import { canMount, SmallDisk } from "../support/faults.ts";
import { until } from "../support/until.ts";
import { RunningProgram, runProgram } from "./support/program.ts";

const ignore = !canMount();

/** Messages on an ordinary disk, ours on a small one. */
class Places implements Disposable {
  readonly disk = new SmallDisk("8m");
  readonly folder = Deno.realPathSync(Deno.makeTempDirSync());
  readonly database = `${this.disk.folder}/chatstats.db`;
  readonly flags = ["--messages-db", `${this.folder}/chat.db`, "--database", this.database];
  readonly #chats = createChatDatabase(`${this.folder}/chat.db`, { release: "macos15" });
  readonly #app = new MessagesApp(this.#chats);
  readonly #chat = this.#app.createChat({ address: "+12125550142" }).guid;

  constructor() {
    this.receive("one");
  }
  receive(text: string): void {
    this.#app.message({ chat: this.#chat, from: "+12125550142", text });
  }
  [Symbol.dispose](): void {
    this.#chats.close();
    this.disk[Symbol.dispose]();
    Deno.removeSync(this.folder, { recursive: true });
  }
}

Deno.test({
  name: "run waits and goes on when it is started on a disk so full that the database can't be opened",
  ignore,
  fn: async () => {
    using places = new Places();
    equal((await runProgram(["sync", ...places.flags])).code, 0);
    places.disk.fill();
    await using program = new RunningProgram(["run", ...places.flags]);
    await program.lineErr((line) => line.includes(": the disk is full: waiting until there is room"));
    places.disk.free();
    await program.lineErr((line) => line.includes('"serving"'));
    program.signal("SIGTERM");
    equal((await program.ended()).code, 0);
  },
});

Deno.test({
  name: "run goes on when it is started on a full disk, and syncs and tells its address once there is room",
  ignore,
  fn: async () => {
    using places = new Places();
    equal((await runProgram(["sync", ...places.flags])).code, 0);
    // A reader keeps -wal and -shm, so that the database can be opened; nothing else is left to write into.
    using reader = openDatabase(places.database, { readOnly: true });
    reader.prepare("SELECT count(*) AS n FROM messages").get();
    Deno.removeSync(`${places.database}.lock`);
    places.receive("two");
    places.disk.fill();
    await using program = new RunningProgram(["run", ...places.flags]);
    await program.lineErr((line) => line.includes("The disk is full: other commands cannot reach"));
    await program.lineErr((line) => line.includes('"serving"'));
    places.disk.free();
    const told = () => Deno.readTextFileSync(`${places.disk.folder}/instance.json`).includes('"url"');
    await until(told, "instance.json");
    const { stdout } = await runProgram(["status", ...places.flags]);
    match(stdout, new RegExp(`^In use by +process ${program.pid} \\(serving `, "m"));
    program.signal("SIGTERM");
    equal((await program.ended()).code, 0);
  },
});

Deno.test({
  name: "sync and run say before a first import that it may not fit, and not once it is done",
  ignore,
  fn: async () => {
    using places = new Places();
    const first = await runProgram(["sync", ...places.flags]);
    equal(first.code, 0);
    match(
      first.stderr,
      /The first import may not fit: \S+ [GM]B are free at [^"]+, and about \S+ [GM]B are needed\./,
    );
    const second = await runProgram(["sync", ...places.flags]);
    ok(!second.stderr.includes("may not fit"), second.stderr);
  },
});
