/** The parent's side of `process.ts`: starts the simulated Messages app as another process and talks to it. */
import * as v from "valibot";
import { LiveSyncError } from "../model/errors.ts";
import type { SqlParams } from "../sqlite/sqlite.ts";
import type { Release, Synchronous } from "./chat_database.ts";
import { LineProcess } from "./line_process.ts";
import type * as inputs from "./operations/inputs.ts";
import * as results from "./operations/results.ts";
import { ColumnValues } from "./operations/inputs.ts";
import { MESSAGES_APP_COMMAND } from "./process.ts";

export interface MessagesProcessOptions {
  /** What runs our program; see {@link ownExecutable}. */
  readonly command?: readonly string[];
  readonly db: string;
  /** Default `macos15`; only a file that is not there yet is made so. */
  readonly release?: Release;
  /** Default `full`. */
  readonly synchronous?: Synchronous;
  readonly seed?: number;
}

/** The command that starts our own program: the compiled file itself, or Deno with the main module. */
export function ownExecutable(mainModuleUrl: string = Deno.mainModule): readonly string[] {
  return Deno.build.standalone
    ? [Deno.execPath()]
    : [Deno.execPath(), "run", "-A", "--no-prompt", mainModuleUrl];
}

/** Starts the process; commands may be sent at once. */
export function startMessagesProcess(options: MessagesProcessOptions): MessagesProcess {
  const [program, ...first] = options.command ?? ownExecutable();
  if (program === undefined) throw new RangeError("Cannot start a process: the command is empty");
  const child = new Deno.Command(program, {
    args: [
      ...first,
      MESSAGES_APP_COMMAND,
      "--db",
      options.db,
      "--release",
      options.release ?? "macos15",
      "--synchronous",
      options.synchronous ?? "full",
      "--seed",
      String(options.seed ?? 1),
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  return new MessagesProcess(child);
}

/** When COMMIT had returned in the other process: milliseconds since 1970 UTC with a fraction. */
interface Committed {
  readonly committedAtMs: number;
}

const Committed = v.object({ committedAtMs: v.number() });
const Written = v.object({ ...results.Written.entries, ...Committed.entries });
const Rowid = v.object({ ...results.Rowid.entries, ...Committed.entries });
const WrittenMessage = v.object({ ...results.WrittenMessage.entries, ...Committed.entries });
const WrittenTapback = v.object({ ...results.WrittenTapback.entries, ...Committed.entries });
const Checkpoint = v.object({ ...results.CheckpointResult.entries, ...Committed.entries });
const Rows = v.object({ rows: v.array(ColumnValues), ...Committed.entries });
const Batch = v.object({ results: v.array(v.record(v.string(), v.unknown())), ...Committed.entries });
const Traffic = v.object({ messages: v.array(Written) });
const Anything = v.looseObject({});

/** Every method of {@link MessagesApp}, carried out in the other process; each resolves after its COMMIT. */
export class MessagesProcess extends LineProcess {
  constructor(child: Deno.ChildProcess) {
    super(
      child,
      (why) =>
        new LiveSyncError("messages_app_gone", `Cannot go on: the simulated Messages app is gone: ${why}`),
    );
  }

  addHandle(input: inputs.NewHandle) {
    return this.request("addHandle", input, Rowid);
  }
  createChat(input: inputs.NewChat) {
    return this.request("createChat", input, Written);
  }
  createGroup(input: inputs.NewGroup) {
    return this.request("createGroup", input, Written);
  }
  joinChatHandles(input: inputs.ChatRef) {
    return this.request("joinChatHandles", input, Written);
  }
  deleteChat(input: inputs.ChatRef) {
    return this.request("deleteChat", input, Written);
  }
  changeChat(input: inputs.ChatChange) {
    return this.request("changeChat", input, Written);
  }
  changeMembers(input: inputs.MemberChange) {
    return this.request("changeMembers", input, Written);
  }
  changeHandle(input: inputs.HandleChange) {
    return this.request("changeHandle", input, Rowid);
  }
  message(input: inputs.NewMessage) {
    return this.request("message", input, WrittenMessage);
  }
  join(input: inputs.Join) {
    return this.request("join", input, Written);
  }
  change(input: inputs.ColumnChange) {
    return this.request("change", input, Written);
  }
  markRead(input: inputs.MessageMoment) {
    return this.request("markRead", input, Written);
  }
  markDelivered(input: inputs.MessageMoment) {
    return this.request("markDelivered", input, Written);
  }
  tapback(input: inputs.TapbackInput) {
    return this.request("tapback", input, WrittenTapback);
  }
  removeTapback(input: inputs.TapbackInput) {
    return this.request("removeTapback", input, WrittenTapback);
  }
  attach(input: inputs.Attach) {
    return this.request("attach", input, Written);
  }
  joinAttachment(input: inputs.AttachmentRef) {
    return this.request("joinAttachment", input, Written);
  }
  updateAttachment(input: inputs.AttachmentUpdate) {
    return this.request("updateAttachment", input, Written);
  }
  happening(input: inputs.NewHappening) {
    return this.request("happening", input, Written);
  }
  edit(input: inputs.EditInput) {
    return this.request("edit", input, Written);
  }
  unsend(input: inputs.UnsendInput) {
    return this.request("unsend", input, Written);
  }
  delete(input: inputs.MessageMoment) {
    return this.request("delete", input, Written);
  }
  recover(input: inputs.MessageMoment) {
    return this.request("recover", input, Written);
  }
  deleteForGood(input: inputs.MessageMoment) {
    return this.request("deleteForGood", input, Written);
  }
  async upgrade(release: Release): Promise<void> {
    await this.request("upgrade", { release }, Anything);
  }
  checkpoint(mode: inputs.CheckpointMode) {
    return this.request("checkpoint", { mode }, Checkpoint);
  }

  /** One statement with bound parameters. */
  async sql(sql: string, params: SqlParams = {}) {
    return (await this.request("sql", { sql, params }, Rows)).rows;
  }
  /** Any number of statements without rows. */
  async exec(sql: string): Promise<void> {
    await this.request("exec", { sql }, Anything);
  }
  /** Commands as they stand on the wire, `do` and the input; in one commit if asked for. */
  batch(
    commands: readonly ({ readonly do: string } & Readonly<Record<string, unknown>>)[],
    options: { readonly oneCommit?: boolean } = {},
  ) {
    return this.request("batch", { commands, ...options }, Batch);
  }
  /** So many messages a second, one commit each; resolves when the last one is written. */
  async traffic(input: { perSecond: number; seconds: number; chats?: readonly string[] }) {
    return (await this.request("traffic", input, Traffic)).messages;
  }
  /** Starts the endless conversations of `human_pace.ts`; resolves when they have started. */
  async playHumanPace(seed?: number): Promise<void> {
    await this.request("script", { name: "human", ...(seed === undefined ? {} : { seed }) }, Anything);
  }
  /** Ends conversations and traffic. */
  async stop(): Promise<void> {
    await this.request("stop", {}, Anything);
  }
}
