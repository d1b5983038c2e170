import { deepEqual, equal } from "node:assert/strict";
import { isOurs, makePrivate } from "../../src/platform/private_files.ts";

Deno.test("isOurs() knows the database and what stands beside it under its name", () => {
  const ours = [
    "c.db",
    "c.db-wal",
    "c.db-shm",
    "c.db.lock",
    "c.db.backup-v1",
    "c.db.instance.json",
    "instance.json",
  ];
  deepEqual(ours.filter((name) => !isOurs(name, "c.db")), []);
  deepEqual(
    ["c.dbx", "other.db", "c", "c.txt", "my instance.json"].filter((name) => isOurs(name, "c.db")),
    [],
  );
});

Deno.test("makePrivate() takes others' rights from our files, and touches nobody else's", () => {
  const folder = Deno.makeTempDirSync();
  try {
    const make = (name: string, mode: number) => {
      Deno.writeTextFileSync(`${folder}/${name}`, "");
      Deno.chmodSync(`${folder}/${name}`, mode);
    };
    make("c.db-wal", 0o644);
    make("c.db.backup-v1", 0o664);
    make("c.db", 0o400);
    make("letter.txt", 0o644);
    Deno.symlinkSync(`${folder}/letter.txt`, `${folder}/c.db.link`);
    Deno.chmodSync(folder, 0o755);
    makePrivate(`${folder}/c.db`);
    const mode = (name: string) => (Deno.statSync(`${folder}/${name}`).mode ?? 0) & 0o777;
    deepEqual(["c.db-wal", "c.db.backup-v1", "c.db", "letter.txt"].map(mode), [0o600, 0o600, 0o400, 0o644]);
    equal(mode("."), 0o755);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
