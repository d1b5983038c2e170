import { deepEqual, equal, ok } from "node:assert/strict";
import {
  inspectSource,
  sameFile,
  sameSidecars,
  sidecarsOf,
  type SourceFileState,
  statSource,
} from "../../src/source/source_files.ts";
import { boundByPermissions } from "../support/bound_by_permissions.ts";

class Folder implements Disposable {
  readonly path = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "chatstats-presence-" }));
  at(name: string): string {
    return `${this.path}/${name}`;
  }
  file(name: string): string {
    Deno.writeTextFileSync(this.at(name), "");
    return this.at(name);
  }
  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}

function words(seen: SourceFileState): string {
  return seen.kind === "present" ? seen.kind : `${seen.kind}: ${seen.reason}`;
}

Deno.test("inspectSource() says in words what is wrong when there is no file that could be opened", () => {
  using folder = new Folder();
  folder.file("text");
  Deno.mkdirSync(folder.at("folder"));
  Deno.symlinkSync(folder.at("nothing"), folder.at("dangling"));
  Deno.symlinkSync(folder.at("loop"), folder.at("loop"));
  const seen = (name: string) => words(inspectSource(folder.at(name)));
  equal(seen("nothing"), "missing: the file does not exist");
  equal(seen("no/folder/chat.db"), "missing: the folder does not exist");
  equal(seen("text/chat.db"), "missing: the folder does not exist");
  equal(seen("dangling"), "missing: the link leads nowhere");
  equal(seen("folder"), "unusable: it is a folder");
  ok(seen("loop").startsWith("unusable: the system says: "), seen("loop"));
  ok(seen("x".repeat(300)).startsWith("unusable: the system says: "));
  equal(words(inspectSource("/dev/null")), "unusable: it is a pipe or a device, not a file");
  equal(seen("text"), "present");
});

Deno.test("inspectSource() sees the file that a link leads to, as SQLite will", () => {
  using folder = new Folder();
  Deno.mkdirSync(folder.at("real"));
  folder.file("real/chat.db");
  Deno.symlinkSync(folder.at("real/chat.db"), folder.at("chat.db"));
  deepEqual(inspectSource(folder.at("chat.db")), inspectSource(folder.at("real/chat.db")));
});

Deno.test("statSource() and sidecarsOf() tell when the file and its WAL were written", () => {
  using folder = new Folder();
  const path = folder.file("chat.db");
  const at = (seconds: number) => new Date(seconds * 1_000);
  Deno.utimeSync(path, at(1_000), at(1_000));
  const alone = statSource(path);
  ok(alone.kind === "present");
  equal(alone.file.fileModifiedMs, 1_000_000);
  equal(sidecarsOf(path).walModifiedMs, 0);
  Deno.utimeSync(folder.file("chat.db-wal"), at(2_000), at(2_000));
  const both = inspectSource(path);
  ok(both.kind === "present");
  equal(sidecarsOf(path).walModifiedMs, 2_000_000);
  ok(sameFile(alone.file.identity, both.file.identity));
});

Deno.test("sameSidecars() is false when the -wal or the -shm was deleted, came, or was made anew", () => {
  using folder = new Folder();
  const path = folder.file("chat.db");
  const none = sidecarsOf(path);
  deepEqual(none, { wal: null, shm: null, walBytes: 0, walModifiedMs: 0 });
  for (const side of ["chat.db-wal", "chat.db-shm"]) {
    folder.file(side);
    const one = sidecarsOf(path);
    ok(!sameSidecars(none, one));
    ok(sameSidecars(one, sidecarsOf(path)));
    // Held open, so that its number is not given to the next one.
    using held = Deno.openSync(folder.at(side));
    Deno.removeSync(folder.at(side));
    ok(!sameSidecars(one, sidecarsOf(path)));
    folder.file(side);
    ok(!sameSidecars(one, sidecarsOf(path)), side);
    ok(held.statSync().isFile);
    Deno.removeSync(folder.at(side));
  }
});

Deno.test("sameFile() is false when device, inode or birth time differs", () => {
  const one = { device: 1, inode: 2, birthMs: 3 };
  ok(sameFile(one, { ...one }));
  ok(!sameFile(one, { ...one, device: 9 }));
  ok(!sameFile(one, { ...one, inode: 9 }));
  ok(!sameFile(one, { ...one, birthMs: 9 }));
  ok(!sameFile(one, { ...one, birthMs: null }));
});

const bound = boundByPermissions();

Deno.test(
  "inspectSource() is forbidden when the folder can't be listed, also where the file itself can be seen",
  {
    ignore: bound === null,
  },
  async () => {
    using folder = new Folder();
    Deno.mkdirSync(folder.at("closed"));
    folder.file("closed/chat.db");
    Deno.symlinkSync(folder.at("closed/chat.db"), folder.at("link.db"));
    // 0100 is what macOS does without Full Disk Access: stat of the file succeeds.
    for (const mode of [0o000, 0o100]) {
      Deno.chmodSync(folder.at("closed"), mode);
      const script = `
      import { inspectSource, statSource } from ${
        JSON.stringify(import.meta.resolve("../../src/source/source_files.ts"))
      };
      const [stat, ...paths] = ${JSON.stringify(["chat.db", "closed/chat.db", "closed/none.db", "link.db"])};
      console.log(JSON.stringify([
        statSource(Deno.cwd() + "/closed/" + stat).kind,
        ...paths.map((path) => inspectSource(Deno.cwd() + "/" + path).kind),
      ]));`;
      const [command = "", ...args] = [...bound ?? [], Deno.execPath(), "eval", "--ext=ts", script];
      const { stdout } = await new Deno.Command(command, { args, cwd: folder.path, stderr: "inherit" })
        .output();
      deepEqual(JSON.parse(new TextDecoder().decode(stdout)), [
        mode === 0 ? "forbidden" : "present",
        "forbidden",
        "forbidden",
        "forbidden",
      ]);
    }
    Deno.chmodSync(folder.at("closed"), 0o700);
  },
);
