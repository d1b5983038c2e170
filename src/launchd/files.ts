/** The agent's files: the copied program, the plist, the log. */
import { errorMessage, LiveSyncError } from "../model/errors.ts";
import { type FileTrouble, fileTrouble } from "../platform/file_failure.ts";
import { folderOf } from "../platform/paths.ts";
import { AGENT_LABEL, type AgentPlaces, agentPlaces } from "./places.ts";

/**
 * Puts a copy of the program at `target`, whole or not at all: what stood there goes on running and is replaced by
 * name. The bytes are copied, not the file's attributes: a mark of having been downloaded would keep launchd from
 * starting it. Nothing happens when `source` is that file. Throws LiveSyncError.
 */
export async function copyProgram(source: string, target: string): Promise<void> {
  if (isSameFile(source, target)) return;
  const unfinished = `${target}.new`;
  await inAgentWords(`copy the program to ${target}`, async () => {
    Deno.mkdirSync(folderOf(target), { recursive: true, mode: 0o700 });
    try {
      await copyBytes(source, unfinished);
      Deno.renameSync(unfinished, target);
    } catch (error) {
      removeFile(unfinished);
      throw error;
    }
  });
}

async function copyBytes(source: string, unfinished: string): Promise<void> {
  removeFile(unfinished);
  using from = await Deno.open(source, { read: true });
  using to = await Deno.open(unfinished, { write: true, createNew: true });
  // Not `mode` of open(): the umask would take the right to run it from it.
  await Deno.chmod(unfinished, 0o755);
  await from.readable.pipeTo(to.writable, { preventClose: true });
  await to.sync();
}

function isSameFile(one: string, other: string): boolean {
  const [a, b] = [one, other].map((path) => {
    try {
      return Deno.realPathSync(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return null;
      throw error;
    }
  });
  return a !== null && a === b;
}

/** Under another name first: at a login launchd reads every `.plist` of that folder. */
export async function writePlist(path: string, text: string): Promise<void> {
  await inAgentWords(`write ${path}`, () => {
    Deno.mkdirSync(folderOf(path), { recursive: true });
    const unfinished = `${path}.new`;
    Deno.writeTextFileSync(unfinished, text);
    Deno.chmodSync(unfinished, 0o644);
    Deno.renameSync(unfinished, path);
  });
}

/** launchd makes the log itself, but not its folder. */
export async function makeLogFolder(log: string): Promise<void> {
  await inAgentWords(
    `make the folder ${folderOf(log)}`,
    () => Deno.mkdirSync(folderOf(log), { recursive: true, mode: 0o700 }),
  );
}

/** The path behind all links, as Homebrew makes one to the app's program; as given where nothing is there. */
export function resolved(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return path;
    throw error;
  }
}

/** The copy that an agent of before was started from; an app needs none. */
export async function removeCopy({ binary }: AgentPlaces): Promise<void> {
  await inAgentWords("remove the agent's copy of the program", () => {
    removeFile(binary);
    removeIfEmpty(folderOf(binary));
  });
}

/** Removes all that `agent install` made; the folders too where nothing else is in them. */
export async function removeAgentFiles({ plist, binary, log }: AgentPlaces): Promise<void> {
  await inAgentWords("remove the agent's files", () => {
    for (const path of [plist, binary, log]) {
      removeFile(path);
      removeFile(`${path}.new`);
    }
    for (const folder of [folderOf(binary), folderOf(log)]) removeIfEmpty(folder);
  });
}

/** launchd appends to the log and nothing rotates it: above this it is cut at the next start … */
const LOG_LIMIT_BYTES = 10_000_000;
/** … to its newest part. */
const LOG_KEPT_BYTES = 1_000_000;

/**
 * For the start of the program: when launchd started it as our agent, an overlong log is cut to its last lines. In
 * place, as launchd has opened it for us already, and for appending. A log that can't be cut is left as it is.
 * `startedAs`: XPC_SERVICE_NAME, in which launchd tells a job its label.
 */
export function cutAgentLog(
  home: string,
  startedAs: string | undefined,
  limits: { readonly most: number; readonly kept: number } = { most: LOG_LIMIT_BYTES, kept: LOG_KEPT_BYTES },
): void {
  if (startedAs !== AGENT_LABEL) return;
  try {
    using file = Deno.openSync(agentPlaces(home).log, { read: true, write: true });
    const { size } = file.statSync();
    if (size <= limits.most) return;
    file.seekSync(size - limits.kept, Deno.SeekMode.Start);
    const tail = readRest(file, limits.kept);
    file.truncateSync(0);
    file.seekSync(0, Deno.SeekMode.Start);
    writeAll(file, tail.subarray(tail.indexOf(0x0a) + 1));
  } catch {
    // Whatever it was, an overlong log is no reason not to run: the next start tries again.
  }
}

function readRest(file: Deno.FsFile, most: number): Uint8Array {
  const bytes = new Uint8Array(most);
  let filled = 0;
  while (filled < most) {
    const count = file.readSync(bytes.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

function writeAll(file: Deno.FsFile, bytes: Uint8Array): void {
  let rest = bytes;
  while (rest.length > 0) rest = rest.subarray(file.writeSync(rest));
}

export function isThere(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return false;
    throw error;
  }
}

function removeFile(path: string): void {
  if (isThere(path)) Deno.removeSync(path);
}

function removeIfEmpty(folder: string): void {
  if (isThere(folder) && [...Deno.readDirSync(folder)].length === 0) Deno.removeSync(folder);
}

const REASONS: Readonly<Record<Exclude<FileTrouble, "other">, string>> = {
  disk_full: "the disk is full",
  read_only: "the volume is read-only",
  forbidden: "the system does not let us write there",
  not_a_folder: "a part of its path is a file and no folder",
  missing: "a part of its path is not there",
};

async function inAgentWords(doing: string, work: () => void | Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const trouble = fileTrouble(error);
    const reason = trouble === "other" ? errorMessage(error) : REASONS[trouble];
    throw new LiveSyncError("agent_files", `Cannot ${doing}: ${reason}`, "Fix that and try again.", {
      cause: error,
    });
  }
}
