/** Real faults of the machine for a test: a volume that is full, a process that may not write everywhere. */

/** A small memory file system, mounted for as long as the block lasts. Only where the machine lets us mount. */
export class SmallDisk implements Disposable {
  readonly folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "chatstats-disk-" }));

  constructor(size: string) {
    if (!mount(["-t", "tmpfs", "-o", `size=${size}`, "chatstats-test", this.folder])) {
      Deno.removeSync(this.folder);
      throw new Error("Cannot mount a small disk");
    }
  }
  /** Takes every byte that is left. */
  fill(): void {
    using file = Deno.openSync(`${this.folder}/filler`, { write: true, create: true, append: true });
    for (let bytes = 65_536; bytes >= 1; bytes = Math.floor(bytes / 2)) {
      try {
        for (;;) file.writeSync(new Uint8Array(bytes));
      } catch (error) {
        if (!(error instanceof Error) || !error.message.includes("os error 28")) throw error;
      }
    }
  }
  free(): void {
    Deno.removeSync(`${this.folder}/filler`);
  }
  [Symbol.dispose](): void {
    new Deno.Command("umount", { args: ["--lazy", this.folder] }).outputSync();
    Deno.removeSync(this.folder, { recursive: true });
  }
}

/** Containers of a CI often may not mount; the tests of a full disk then stand on `max_page_count` alone. */
export function canMount(): boolean {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return false;
  try {
    new SmallDisk("64k")[Symbol.dispose]();
    return true;
  } catch {
    return false;
  }
}

function mount(args: readonly string[]): boolean {
  return new Deno.Command("mount", { args: [...args], stderr: "null" }).outputSync().success;
}

/**
 * Another mode for a file or folder, as long as the block lasts: who is not root can't remove what stands in a read-only
 * folder.
 */
export function withMode(path: string, mode: number): Disposable {
  const before = Deno.statSync(path).mode ?? 0o700;
  Deno.chmodSync(path, mode);
  return { [Symbol.dispose]: () => Deno.chmodSync(path, before & 0o7777) };
}

/**
 * What to put before a command so that files' modes bind it, as they bind a person: root passes them by, so that is taken
 * away. Null where that can't be had.
 */
export function boundByModes(): string[] | null {
  if (Deno.uid() !== 0) return [];
  const before = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"];
  return succeeds([...before, "true"]) ? before : null;
}

/**
 * What to put before a command so that it sees this mount table: another file lies over its own in a name space that
 * ends with it. Null where that can't be had.
 */
export function withMountTable(file: string): string[] | null {
  const script = 'mount --bind "$0" "/proc/$$/mountinfo" && exec "$@"';
  const before = ["unshare", "--mount", "sh", "-c", script, file];
  return Deno.build.os === "linux" && succeeds([...before, "true"]) ? before : null;
}

function succeeds([command = "", ...args]: readonly string[]): boolean {
  try {
    return new Deno.Command(command, { args, stdout: "null", stderr: "null" }).outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
