/** The parent's side of `contacts/process.ts`: starts the simulated Contacts app as another process and talks to it. */
import * as v from "valibot";
import { LiveSyncError } from "../model/errors.ts";
import type { SqlParams } from "../sqlite/sqlite.ts";
import * as inputs from "./contacts/inputs.ts";
import { CONTACTS_APP_COMMAND } from "./contacts/process.ts";
import { LineProcess } from "./line_process.ts";
import { ownExecutable } from "./messages_process.ts";
import { ColumnValues } from "./operations/inputs.ts";
import { CheckpointResult } from "./operations/results.ts";

export interface ContactsProcessOptions {
  /** What runs our program; see {@link ownExecutable}. */
  readonly command?: readonly string[];
  /** The AddressBook's folder; made where there is none. */
  readonly folder: string;
  readonly seed?: number;
  /** See {@link ContactsAppOptions}. */
  readonly entityShift?: number;
}

/** Starts the process; commands may be sent at once. */
export function startContactsProcess(options: ContactsProcessOptions): ContactsProcess {
  const [program, ...first] = options.command ?? ownExecutable();
  if (program === undefined) throw new RangeError("Cannot start a process: the command is empty");
  const child = new Deno.Command(program, {
    args: [
      ...first,
      CONTACTS_APP_COMMAND,
      "--folder",
      options.folder,
      "--seed",
      String(options.seed ?? 1),
      `--entity-shift=${options.entityShift ?? 0}`,
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  return new ContactsProcess(child);
}

/** When COMMIT had returned in the other process: milliseconds since 1970 UTC with a fraction. */
const committed = { committedAtMs: v.number() };
const WrittenStore = v.object({ ...inputs.WrittenStore.entries, ...committed });
const WrittenCard = v.object({ ...inputs.WrittenCard.entries, ...committed });
const Linked = v.object({ ...inputs.Linked.entries, ...committed });
const Checkpoint = v.object({ ...CheckpointResult.entries, ...committed });
const Rows = v.object({ rows: v.array(ColumnValues), ...committed });

/** The operations of {@link ContactsApp}, carried out in the other process; each resolves after its COMMIT. Exported for its test. */
export class ContactsProcess extends LineProcess {
  constructor(child: Deno.ChildProcess) {
    super(
      child,
      (why) =>
        new LiveSyncError("contacts_app_gone", `Cannot go on: the simulated Contacts app is gone: ${why}`),
    );
  }

  addStore(input: inputs.NewStore = {}) {
    return this.request("addStore", input, WrittenStore);
  }
  addCard(input: inputs.NewCard) {
    return this.request("addCard", input, WrittenCard);
  }
  editCard(input: inputs.CardEdit) {
    return this.request("editCard", input, WrittenCard);
  }
  deleteCard(input: inputs.CardRef) {
    return this.request("deleteCard", input, WrittenCard);
  }
  linkCards(input: inputs.LinkInput) {
    return this.request("linkCards", input, Linked);
  }
  checkpoint(input: inputs.CheckpointInput) {
    return this.request("checkpoint", input, Checkpoint);
  }
  breakStore(input: inputs.BreakInput) {
    return this.request("breakStore", input, WrittenStore);
  }
  removeStore(input: inputs.StoreRef) {
    return this.request("removeStore", input, WrittenStore);
  }
  /** One statement on an open store; gives its rows. */
  async sql(store: string, sql: string, params: SqlParams = {}) {
    return (await this.request("sql", { store, sql, params }, Rows)).rows;
  }
}
