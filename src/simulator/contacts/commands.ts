/** Each operation of {@link ContactsApp} under its own name, and SQL for odd cases. */
import * as v from "valibot";
import { LiveSyncError } from "../../model/errors.ts";
import type { ContactsApp } from "../contacts_app.ts";
import * as inputs from "./inputs.ts";

type Run = (app: ContactsApp, input: unknown) => object;

function operation<S extends v.GenericSchema>(
  schema: S,
  run: (app: ContactsApp, input: v.InferOutput<S>) => object,
): Run {
  return (app, input) => run(app, v.parse(schema, input));
}

const OPERATIONS: Readonly<Record<string, Run>> = {
  addStore: operation(inputs.NewStore, (app, input) => app.addStore(input)),
  addCard: operation(inputs.NewCard, (app, input) => app.addCard(input)),
  editCard: operation(inputs.CardEdit, (app, input) => app.editCard(input)),
  deleteCard: operation(inputs.CardRef, (app, input) => app.deleteCard(input)),
  linkCards: operation(inputs.LinkInput, (app, input) => app.linkCards(input)),
  checkpoint: operation(inputs.CheckpointInput, (app, input) => app.checkpoint(input)),
  breakStore: operation(inputs.BreakInput, (app, input) => app.breakStore(input)),
  removeStore: operation(inputs.StoreRef, (app, input) => app.removeStore(input)),
  // One statement, its parameters bound, its rows answered.
  sql: operation(inputs.SqlInput, (app, { store, sql, params }) => ({
    rows: app.db(store).prepare(sql).all(params),
  })),
};

/** Carries out one command and gives its answer's fields. Throws {@link LiveSyncError} or a ValiError. */
export function runContactsCommand(app: ContactsApp, name: string, input: unknown): object {
  const run = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
  if (!run) throw new LiveSyncError("unknown_command", `Cannot do this: there is no such command: ${name}`);
  const result = run(app, input);
  // When COMMIT had returned.
  return { ...result, committedAtMs: performance.timeOrigin + performance.now() };
}
