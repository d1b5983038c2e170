/** A migration is whole or has not been, whatever cuts it off, and a backup of what was before stands beside it. */
import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { LiveSyncError } from "../../src/model/errors.ts";
import { type Log, silentLog } from "../../src/platform/log.ts";
import { openDatabase, SQLITE, SqliteError } from "../../src/sqlite/sqlite.ts";
import { backupPath } from "../../src/store/backup.ts";
import { openChatStatsDatabase, openForReading } from "../../src/store/database.ts";
import { backupFailure, migrationFailure, MIGRATIONS } from "../../src/store/migrate.ts";
import { FEED } from "./support/store.ts";

const CHILD = new URL("./support/migrating_child.ts", import.meta.url).pathname;
const OLD = MIGRATIONS.length;
/** Changes what is there and adds something, so that half of it would show. */
const NEXT = "ALTER TABLE chats ADD COLUMN test_note TEXT; UPDATE chats SET test_note = 'migrated'; " +
  "CREATE TABLE test_extra (x); INSERT INTO test_extra VALUES (1)";
const LATER = "INSERT INTO test_extra VALUES (2)";
const WRONG = "CREATE TABLE test_half (x); INSERT INTO nowhere VALUES (1)";

class Old implements Disposable {
  readonly folder = Deno.makeTempDirSync({ prefix: "chatstats-migrate-" });
  readonly path = `${this.folder}/chatstats.db`;
  readonly backup = backupPath(this.path, OLD);

  /** A database of the present version with a chat in it, closed. */
  constructor() {
    using db = this.open([]);
    db.exec("INSERT INTO chats (id, chat_identifier, is_group) VALUES (7, 'x', 0)");
  }
  open(more: readonly string[], ports: { probe?: (label: string) => void; log?: Log } = {}) {
    return openChatStatsDatabase(this.path, {
      randomUuid: () => FEED,
      migrations: [...MIGRATIONS, ...more],
      ...ports,
    });
  }
  async openInChild(more: readonly string[], label: string): Promise<Deno.CommandStatus> {
    const list = JSON.stringify([...MIGRATIONS, ...more]);
    return await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-prompt", CHILD, this.path, list, label],
      stdin: "null",
    }).spawn().status;
  }
  /** Names beside the database, without its -wal and -shm. */
  beside(): string[] {
    return [...Deno.readDirSync(this.folder)].map(({ name }) => name).filter((name) =>
      !/\.db(-wal|-shm)?$/.test(name)
    ).toSorted();
  }
  [Symbol.dispose](): void {
    Deno.removeSync(this.folder, { recursive: true });
  }
}

/** Schema version and what the chats hold, in the file at `path`. */
function seen(path: string): { version: unknown; chat: unknown; extra: unknown; check: unknown } {
  using db = openDatabase(path, { readOnly: true });
  const first = (sql: string) => Object.values(db.prepare(sql).get() ?? {})[0];
  return {
    version: first("PRAGMA user_version"),
    chat: db.prepare("SELECT * FROM chats").all().map((row) => row["test_note"] ?? row["id"]),
    extra: first("SELECT count(*) FROM sqlite_schema WHERE name = 'test_extra'"),
    check: first("PRAGMA quick_check"),
  };
}
const BEFORE = { version: OLD, chat: [7], extra: 0, check: "ok" };
const AFTER = { version: OLD + 1, chat: ["migrated"], extra: 1, check: "ok" };

Deno.test("openChatStatsDatabase() leaves a private backup of the old version when it migrates a database", () => {
  using old = new Old();
  const before = Deno.umask(0o022);
  try {
    old.open([NEXT]).close();
  } finally {
    Deno.umask(before);
  }
  deepEqual(seen(old.path), AFTER);
  deepEqual(old.beside(), [`chatstats.db.backup-v${OLD}`]);
  deepEqual(seen(old.backup), BEFORE);
  equal((Deno.statSync(old.backup).mode ?? 0) & 0o777, 0o600);
});

Deno.test("openChatStatsDatabase() makes no backup when there is nothing in the database yet, or nothing to migrate", () => {
  using folder = new Old();
  deepEqual(folder.beside(), []);
  folder.open([]).close();
  deepEqual(folder.beside(), []);
});

Deno.test("openChatStatsDatabase() deletes the backup when it is opened again after the migration, and not before", () => {
  using old = new Old();
  const alike = ["chatstats.db.backup-v1.txt", "chatstats.db.backup-vx", "other.db.backup-v1"];
  for (const name of alike) Deno.writeTextFileSync(`${old.folder}/${name}`, "somebody's own");
  Deno.writeTextFileSync(`${old.backup}.tmp`, "unfinished");
  {
    using _db = old.open([NEXT]);
    deepEqual(old.beside(), [`chatstats.db.backup-v${OLD}`, ...alike].toSorted());
  }
  deepEqual(old.beside(), [`chatstats.db.backup-v${OLD}`, ...alike].toSorted());
  Deno.writeTextFileSync(`${old.backup}.tmp`, "unfinished");
  old.open([NEXT]).close();
  deepEqual(old.beside(), alike.toSorted());
});

Deno.test("openChatStatsDatabase() opens and says so when a backup can't be deleted", () => {
  using old = new Old();
  old.open([NEXT]).close();
  Deno.removeSync(old.backup);
  // A folder of that name is what even root can't delete as a file.
  Deno.mkdirSync(`${old.backup}/full`, { recursive: true });
  const warnings: string[] = [];
  old.open([NEXT], { log: { ...silentLog, warning: (message) => warnings.push(message) } }).close();
  equal(warnings.length, 1);
  ok(warnings[0]?.includes(old.backup));
});

Deno.test("openChatStatsDatabase() makes one backup, of where it came from, when several migrations are due", () => {
  using old = new Old();
  old.open([NEXT, LATER]).close();
  deepEqual(old.beside(), [`chatstats.db.backup-v${OLD}`]);
  deepEqual(seen(old.backup), BEFORE);
  deepEqual(seen(old.path), { ...AFTER, version: OLD + 2 });
});

for (const label of ["backup.before_rename", "migration.before_commit"]) {
  Deno.test(`openChatStatsDatabase() finds the old version whole and goes on when a migration was killed at ${label}`, async () => {
    using old = new Old();
    equal((await old.openInChild([NEXT], label)).signal, "SIGKILL");
    const unfinished = label === "backup.before_rename";
    deepEqual(old.beside(), [`chatstats.db.backup-v${OLD}${unfinished ? ".tmp" : ""}`]);
    deepEqual(seen(old.path), BEFORE);
    old.open([NEXT]).close();
    deepEqual(seen(old.path), AFTER);
    deepEqual(old.beside(), [`chatstats.db.backup-v${OLD}`]);
    deepEqual(seen(old.backup), BEFORE);
  });
}

Deno.test("openChatStatsDatabase() makes the backup again when one was cut off, or is of an earlier try", () => {
  using old = new Old();
  for (const leftOver of [`${old.backup}.tmp`, old.backup]) {
    Deno.writeTextFileSync(leftOver, "half of a page");
  }
  old.open([NEXT]).close();
  deepEqual(seen(old.backup), BEFORE);
  deepEqual(old.beside(), [`chatstats.db.backup-v${OLD}`]);
});

Deno.test("openChatStatsDatabase() changes nothing and names the backup when a migration fails", () => {
  using old = new Old();
  throws(() => old.open([NEXT, WRONG]), (error) => {
    ok(error instanceof LiveSyncError);
    equal(error.code, "migration_failed");
    ok(error.message.includes(old.path) && error.message.includes("nowhere"), error.message);
    ok(error.hint.includes(old.backup), error.hint);
    return true;
  });
  // The first of the two stands: each is a transaction of its own.
  deepEqual(seen(old.path), AFTER);
  deepEqual(seen(old.backup), BEFORE);
  using db = openDatabase(old.path, { readOnly: true });
  deepEqual(db.prepare("SELECT name FROM sqlite_schema WHERE name = 'test_half'").all(), []);
});

Deno.test("openChatStatsDatabase() throws a lock as it is, and makes no backup, when somebody writes before a migration", () => {
  using old = new Old();
  using other = openDatabase(old.path);
  other.exec("BEGIN IMMEDIATE");
  throws(() => old.open([NEXT]), (error) => error instanceof SqliteError && error.isBusy);
  deepEqual(old.beside(), []);
  other.exec("ROLLBACK");
  old.open([NEXT]).close();
  deepEqual(seen(old.path), AFTER);
});

Deno.test("openChatStatsDatabase() migrates all the same when a reader holds a snapshot", () => {
  using old = new Old();
  using reader = openDatabase(old.path, { readOnly: true });
  reader.exec("BEGIN");
  reader.prepare("SELECT count(*) FROM chats").get();
  using _db = old.open([NEXT]);
  equal(reader.prepare("PRAGMA user_version").get()?.["user_version"], OLD);
  reader.exec("COMMIT");
  equal(reader.prepare("PRAGMA user_version").get()?.["user_version"], OLD + 1);
});

Deno.test("openForReading() says what to do when the database is not migrated yet, also while it is being migrated", () => {
  using old = new Old();
  const migrations = [...MIGRATIONS, NEXT];
  const isOlder = (error: unknown) => {
    ok(error instanceof LiveSyncError);
    equal(error.code, "older_database");
    ok(error.message.includes(old.path) && error.hint.includes("Start the program"));
    return true;
  };
  throws(() => openForReading(old.path, migrations), isOlder);
  let asked = 0;
  const probe = (label: string) => {
    if (label !== "migration.before_commit") return;
    asked++;
    throws(() => openForReading(old.path, migrations), isOlder);
  };
  old.open([NEXT], { probe }).close();
  equal(asked, 1);
  openForReading(old.path, migrations).close();
});

Deno.test("backupFailure() and migrationFailure() say what to do for each reason", () => {
  const sqlite = (code: number) => new SqliteError(code, code, "sqlite's words", undefined);
  const of = (error: unknown) => error instanceof LiveSyncError ? error.code : null;
  equal(of(backupFailure(sqlite(SQLITE.FULL), "/a.db")), "disk_full");
  equal(of(backupFailure(new Error("No space left on device (os error 28)"), "/a.db")), "disk_full");
  equal(of(backupFailure(sqlite(SQLITE.CORRUPT), "/a.db")), "damaged");
  equal(of(backupFailure(new Deno.errors.PermissionDenied("no"), "/a.db")), "backup_failed");
  const busy = sqlite(SQLITE.BUSY);
  equal(backupFailure(busy, "/a.db"), busy);
  const full = migrationFailure(sqlite(SQLITE.FULL), { path: "/a.db", from: 1, backup: "/a.db.backup-v1" });
  deepEqual([full.code, full.message], [
    "disk_full",
    "Cannot bring /a.db from schema 1 to 2: the disk is full",
  ]);
  ok(full.hint.includes("/a.db.backup-v1"));
});
