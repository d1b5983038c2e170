/**
 * The simulated Contacts app as a process of its own: commands in as JSON Lines, one answer each, as in `../process.ts`.
 *
 *     {"id":1,"do":"addCard","store":"root","firstName":"Nora","phones":["(415) 555-0142"]}
 *     {"id":1,"ok":true,"store":"root","uniqueId":"…:ABPerson","record":4,"committedAtMs":1763820191204.31}
 *     {"id":2,"ok":false,"code":"no_such_store","error":"Cannot …"}
 *
 * It ends at `close` and at the end of stdin.
 */
import { parseArgs } from "node:util";
import * as v from "valibot";
import { errorMessage, LiveSyncError, UsageError } from "../../model/errors.ts";
import { ContactsApp } from "../contacts_app.ts";
import type { ProcessStreams } from "../process.ts";
import { SeededRandom } from "../random.ts";
import { formatLine, parseLine, readLines } from "../wire.ts";
import { runContactsCommand } from "./commands.ts";

/** Name of the hidden command that starts this process. */
export const CONTACTS_APP_COMMAND = "__contacts-app";

export interface ContactsProcessArgs {
  /** The AddressBook's folder. */
  readonly folder: string;
  readonly seed: number;
  readonly entityShift: number;
}

/** What the hidden command calls, with the arguments after its name; gives the exit code. */
export function contactsAppMain(argv: readonly string[], io: ProcessStreams): Promise<number> {
  return runContactsProcess(io, parseContactsArgs(argv));
}

/** `--folder PATH --seed N --entity-shift N`; all but `--folder` may be left out. Exported for its test. */
export function parseContactsArgs(argv: readonly string[]): ContactsProcessArgs {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      folder: { type: "string" },
      seed: { type: "string", default: "1" },
      "entity-shift": { type: "string", default: "0" },
    },
  });
  const seed = Number(values.seed);
  const entityShift = Number(values["entity-shift"]);
  if (!values.folder || !Number.isSafeInteger(seed) || !Number.isSafeInteger(entityShift)) {
    throw new UsageError(`Cannot start the simulated Contacts app with these arguments: ${argv.join(" ")}`);
  }
  return { folder: values.folder, seed, entityShift };
}

const Envelope = v.looseObject({ id: v.optional(v.number()), do: v.string() });

async function runContactsProcess(io: ProcessStreams, args: ContactsProcessArgs): Promise<number> {
  const writer = io.writable.getWriter();
  const write = (answer: object) =>
    // The pipe breaks when the parent is gone; the end of stdin, which comes with it, ends the process.
    writer.write(new TextEncoder().encode(formatLine(answer))).catch(() => {});
  let closeId: number | undefined;
  {
    using app = new ContactsApp(args.folder, {
      random: new SeededRandom(args.seed),
      entityShift: args.entityShift,
    });
    for await (const line of readLines(io.readable)) {
      const { id, name, answer } = answerTo(app, line);
      closeId = id;
      if (name === "close") break;
      await write(answer);
      closeId = undefined;
    }
  }
  // After the stores are closed, so that the answer means what it says.
  if (closeId !== undefined) await write({ id: closeId, ok: true });
  await writer.close().catch(() => {});
  return 0;
}

interface Answered {
  readonly id: number | undefined;
  readonly name: string;
  readonly answer: object;
}

function answerTo(app: ContactsApp, line: string): Answered {
  let [id, name]: [number | undefined, string] = [undefined, ""];
  try {
    const { id: given, do: what, ...input } = v.parse(Envelope, parseLine(line));
    [id, name] = [given, what];
    const fields = name === "close" ? {} : runContactsCommand(app, name, input);
    return { id, name, answer: { id, ok: true, ...fields } };
  } catch (error) {
    const code = error instanceof LiveSyncError ? error.code : "bad_command";
    return { id, name, answer: { id, ok: false, code, error: errorMessage(error) } };
  }
}
