/** The parent's side of `reopening_messages_main.ts`. */
import * as v from "valibot";
import { LineProcess } from "../../../src/simulator/line_process.ts";
import type { CheckpointMode } from "../../../src/simulator/operations/inputs.ts";
import { LiveSyncError } from "../../../src/model/errors.ts";
import { CHAT_OF_JANE, JANE } from "./scene.ts";

const Done = v.looseObject({});
const Committed = v.looseObject({ guid: v.string(), committedAtMs: v.number() });
export type Committed = Readonly<v.InferOutput<typeof Committed>>;
const Rows = v.looseObject({ rows: v.array(v.unknown()) });
const Checkpoint = v.looseObject({ busy: v.boolean() });

/** Messages, whose only connection is closed by `shut` and opened again by `open`. */
export class ReopeningMessages implements AsyncDisposable {
  readonly #process: LineProcess;

  private constructor(process: LineProcess) {
    this.#process = process;
  }

  /** With the database open and a chat with Jane. GUIDs come from `seed`: each process needs another one. */
  static async start(chatDb: string, seed: number): Promise<ReopeningMessages> {
    const script = new URL("./reopening_messages_main.ts", import.meta.url).pathname;
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-prompt", script, chatDb, String(seed)],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const messages = new ReopeningMessages(
      new LineProcess(child, (why) => new LiveSyncError("messages_app_gone", `Messages is gone: ${why}`)),
    );
    await messages.open();
    const { rows } = await messages.#process.request("sql", { sql: "SELECT 1 FROM chat LIMIT 1" }, Rows);
    if (rows.length === 0) await messages.#process.request("createChat", { address: JANE }, Done);
    return messages;
  }

  async open(): Promise<void> {
    await this.#process.request("open", {}, Done);
  }

  async shut(): Promise<void> {
    await this.#process.request("shut", {}, Done);
  }

  message(text: string): Promise<Committed> {
    return this.#process.request("message", { chat: CHAT_OF_JANE, from: JANE, text }, Committed);
  }

  edit(guid: string, text: string): Promise<Committed> {
    return this.#process.request("edit", { guid, text }, Committed);
  }

  /** Gives whether all of the WAL was carried over. */
  async checkpoint(mode: CheckpointMode): Promise<boolean> {
    return !(await this.#process.request("checkpoint", { mode }, Checkpoint)).busy;
  }

  /** SIGKILL. */
  async kill(): Promise<void> {
    await this.#process.kill();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.close();
  }
}
