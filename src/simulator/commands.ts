/** The commands that act at once: each operation of {@link MessagesApp} under its own name, and SQL for odd cases. */
import * as v from "valibot";
import { LiveSyncError } from "../model/errors.ts";
import type { MessagesApp } from "./messages_app.ts";
import * as inputs from "./operations/inputs.ts";

type Run = (app: MessagesApp, input: unknown) => object;

function operation<S extends v.GenericSchema>(
  schema: S,
  run: (app: MessagesApp, input: v.InferOutput<S>) => object,
): Run {
  return (app, input) => run(app, v.parse(schema, input));
}

const Sql = v.strictObject({ sql: v.string(), params: v.optional(inputs.ColumnValues) });
const Exec = v.strictObject({ sql: v.string() });

const OPERATIONS: Readonly<Record<string, Run>> = {
  addHandle: operation(inputs.NewHandle, (app, input) => app.addHandle(input)),
  createChat: operation(inputs.NewChat, (app, input) => app.createChat(input)),
  createGroup: operation(inputs.NewGroup, (app, input) => app.createGroup(input)),
  joinChatHandles: operation(inputs.ChatRef, (app, input) => app.joinChatHandles(input)),
  deleteChat: operation(inputs.ChatRef, (app, input) => app.deleteChat(input)),
  changeChat: operation(inputs.ChatChange, (app, input) => app.changeChat(input)),
  changeMembers: operation(inputs.MemberChange, (app, input) => app.changeMembers(input)),
  changeHandle: operation(inputs.HandleChange, (app, input) => app.changeHandle(input)),
  message: operation(inputs.NewMessage, (app, input) => app.message(input)),
  join: operation(inputs.Join, (app, input) => app.join(input)),
  change: operation(inputs.ColumnChange, (app, input) => app.change(input)),
  markRead: operation(inputs.MessageMoment, (app, input) => app.markRead(input)),
  markDelivered: operation(inputs.MessageMoment, (app, input) => app.markDelivered(input)),
  tapback: operation(inputs.TapbackInput, (app, input) => app.tapback(input)),
  removeTapback: operation(inputs.TapbackInput, (app, input) => app.removeTapback(input)),
  attach: operation(inputs.Attach, (app, input) => app.attach(input)),
  joinAttachment: operation(inputs.AttachmentRef, (app, input) => app.joinAttachment(input)),
  updateAttachment: operation(inputs.AttachmentUpdate, (app, input) => app.updateAttachment(input)),
  happening: operation(inputs.NewHappening, (app, input) => app.happening(input)),
  edit: operation(inputs.EditInput, (app, input) => app.edit(input)),
  unsend: operation(inputs.UnsendInput, (app, input) => app.unsend(input)),
  delete: operation(inputs.MessageMoment, (app, input) => app.delete(input)),
  recover: operation(inputs.MessageMoment, (app, input) => app.recover(input)),
  deleteForGood: operation(inputs.MessageMoment, (app, input) => app.deleteForGood(input)),
  upgrade: operation(inputs.Upgrade, (app, input) => app.upgrade(input)),
  checkpoint: operation(inputs.CheckpointInput, (app, input) => app.checkpoint(input)),
  // One statement, its parameters bound, its rows answered.
  sql: operation(Sql, (app, input) => ({ rows: app.db.prepare(input.sql).all(input.params) })),
  // Any number of statements without rows; BEGIN … COMMIT across several commands makes one commit of them.
  exec: operation(Exec, (app, input) => {
    app.db.exec(input.sql);
    return {};
  }),
};

const Command = v.looseObject({ do: v.string() });
const Batch = v.strictObject({
  commands: v.array(Command),
  /** All in one commit; default one each. */
  oneCommit: v.optional(v.boolean()),
});

/** When COMMIT had returned: milliseconds since 1970 UTC with a fraction. */
function committedNow(): number {
  return performance.timeOrigin + performance.now();
}

/** Carries out one command and gives its answer's fields. Throws {@link LiveSyncError} or a ValiError. */
export function runCommand(app: MessagesApp, name: string, input: unknown): object {
  if (name === "batch") return runBatch(app, v.parse(Batch, input));
  const run = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
  if (!run) throw new LiveSyncError("unknown_command", `Cannot do this: there is no such command: ${name}`);
  const result = run(app, input);
  return { ...result, committedAtMs: committedNow() };
}

function runBatch(app: MessagesApp, batch: v.InferOutput<typeof Batch>): object {
  const all = () => batch.commands.map(({ do: name, ...input }) => runCommand(app, name, input));
  const results = batch.oneCommit ? app.inOneCommit(all) : all();
  return { results, committedAtMs: committedNow() };
}
