import { deepEqual, equal, ok, rejects, throws } from "node:assert/strict";
import { start } from "../../src/app/app.ts";
import { LiveSyncError } from "../../src/model/errors.ts";
import { openDatabase, SQLITE, SqliteError } from "../../src/sqlite/sqlite.ts";
import { explainFailure, isLock, isOurs, stateOfFailure } from "../../src/sync/failure.ts";
import { SyncFixture } from "../support/sync_fixture.ts";

const JANE = "+15550100001";

Deno.test("explainFailure() gives code and hint for what SQLite reports, and leaves other errors as they are", () => {
  const explained = (code: number) =>
    explainFailure(new SqliteError(code, code, "sqlite's words", undefined));
  const codes = [SQLITE.BUSY, SQLITE.FULL, SQLITE.READONLY, SQLITE.IOERR, SQLITE.CORRUPT, SQLITE.NOTADB];
  deepEqual(codes.map((code) => explained(code).code), [
    "database_locked",
    "disk_full",
    "database_read_only",
    "disk_error",
    "damaged",
    "damaged",
  ]);
  for (const code of codes) ok(explained(code).hint !== "");
  const own = new LiveSyncError("source_missing", "Cannot find it", "Look for it");
  equal(explainFailure(own), own);
  ok(explainFailure(new LiveSyncError("unexpected_column", "Cannot read it")).hint !== "");
  equal(stateOfFailure(own), "source_missing");
  equal(stateOfFailure(explained(SQLITE.FULL)), "failed");
});

Deno.test("explainFailure() leaves nothing without words and hint when SQLite reports what is in no list", () => {
  for (let code = 1; code <= 28; code++) {
    const failure = explainFailure(new SqliteError(code, code, "sqlite's words", undefined));
    ok(!(failure instanceof SqliteError) && !failure.code.startsWith("sqlite_"), `${code}`);
    ok(failure.hint !== "" && failure.message.startsWith("Cannot "), `${code}`);
    equal(stateOfFailure(failure), "failed");
    ok(isOurs(failure));
  }
});

Deno.test("isOurs() tells our failures from those of Messages' database, isLock() locks on either", () => {
  for (const code of ["source_missing", "source_damaged", "source_locked", "needs_permission"]) {
    equal(isOurs(new LiveSyncError(code, "Cannot")), false);
  }
  equal(isOurs(new LiveSyncError("import_finish", "Cannot")), true);
  const locks = [SQLITE.BUSY, SQLITE.LOCKED, SQLITE.CORRUPT].map((code) =>
    isLock(new SqliteError(code, code, "sqlite's words", undefined))
  );
  deepEqual(locks, [true, true, false]);
  ok(isLock(new LiveSyncError("source_locked", "Cannot")));
});

Deno.test("step() keeps nothing of a pass when the disk is full, and brings all of it when there is room again", () => {
  using fixture = new SyncFixture();
  fixture.app.createChat({ address: JANE });
  fixture.sync();
  for (let i = 0; i < 200; i++) {
    fixture.app.message({ chat: `iMessage;-;${JANE}`, from: JANE, text: "x".repeat(2_000) });
  }
  const before = fixture.outbox.position();
  fixture.db.exec("PRAGMA main.max_page_count = 60");
  throws(() => fixture.sync(), (error) => error instanceof SqliteError && error.resultCode === SQLITE.FULL);
  equal(fixture.rows("SELECT 1 FROM messages").length, 0);
  deepEqual(fixture.outbox.position(), before);
  fixture.db.exec("PRAGMA main.max_page_count = 1000000");
  equal(fixture.sync().events.length, 200);
});

Deno.test("start() says failed when a lock on our database lasts, refuses a sync meanwhile, and is live again after it", async () => {
  using fixture = new SyncFixture();
  fixture.app.createChat({ address: JANE });
  fixture.sync();
  fixture.release();
  const states = new Map<string, () => void>();
  const seen: string[] = [];
  const until = (state: string) => new Promise<void>((resolve) => states.set(state, resolve));
  const live = until("live");
  await using app = await start({
    home: "/Users/jane",
    messagesDb: fixture.chatDb,
    addressbookDir: "/nowhere",
    database: fixture.database,
    port: 0,
    token: "test-token",
    allowOrigins: [],
    contactsIntervalSeconds: 60,
    syncCooldownSeconds: 60,
    conversationGapMinutes: 90,
    region: "US",
    sidecar: false,
    logLevel: "error",
    logFormat: "json",
    fileEvents: true,
    wait: false,
  }, {
    limits: { busyLimitMs: 200 },
    observe: (happening) => {
      if (happening.kind !== "state") return;
      seen.push(`${happening.state} ${happening.reason}`);
      states.get(happening.state)?.();
    },
  });
  await live;
  using other = openDatabase(fixture.database);
  other.exec("BEGIN IMMEDIATE");
  const failed = until("failed");
  fixture.app.message({ chat: `iMessage;-;${JANE}`, from: JANE, text: "during the lock" });
  await failed;
  await rejects(app.syncNow("test"), { code: "database_locked" });
  deepEqual(app.status().sources[0], { kind: "messages", path: fixture.chatDb, state: "ok", hint: "" });
  const again = until("live");
  other.exec("ROLLBACK");
  await again;
  equal(app.status().database.messages, 1);
  ok(seen.some((line) => line.includes("another program has locked it")));
});
