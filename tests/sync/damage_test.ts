/** A damaged file, ours or Messages': the right one is blamed, what can be read is, and the rest follows the mending. */
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { type App, type Happening, start } from "../../src/app/app.ts";
import { populate } from "../../src/simulator/populate.ts";
import { integer } from "../../src/sqlite/row.ts";
import { openDatabase } from "../../src/sqlite/sqlite.ts";
import { logicalContent } from "../support/logical_content.ts";
import { until } from "../support/until.ts";
import { SyncFixture } from "../support/sync_fixture.ts";

const PAGE = 4_096;

/** Numbers of a table's pages of this type, in the order of the file. The file is closed again. */
function pages(path: string, table: string, type: "leaf" | "overflow"): number[] {
  using db = openDatabase(path);
  return db.prepare("SELECT pageno FROM dbstat WHERE name = :table AND pagetype = :type ORDER BY pageno")
    .all({ table, type }).map((row) => integer(row, "pageno"));
}

/**
 * Four leaves, or one whole overflow chain, at about the middle of the table. Of a chain the last page has nothing in it
 * that could be seen to be wrong, so a piece of another one would be read as it is.
 */
function inTheMiddle(path: string, type: "leaf" | "overflow"): number[] {
  if (type === "leaf") {
    const all = pages(path, "message", type);
    return all.slice(Math.trunc(all.length * 0.6)).slice(0, 4);
  }
  using db = openDatabase(path);
  const rows = db.prepare(
    "SELECT pageno, substr(path, 1, instr(path, '+')) AS cell FROM dbstat WHERE name = 'message' AND pagetype = 'overflow' ORDER BY path",
  ).all();
  const cell = rows[Math.trunc(rows.length * 0.6)]?.["cell"];
  return rows.filter((row) => row["cell"] === cell).map((row) => integer(row, "pageno"));
}

/** Nobody has the file open. */
function overwrite(path: string, pageNumbers: readonly number[]): void {
  const bytes = Deno.readFileSync(path);
  for (const page of pageNumbers) bytes.fill(0xa5, (page - 1) * PAGE, page * PAGE);
  Deno.writeFileSync(path, bytes);
}

/**
 * In the same file, by another process: closing it by hand in this one would drop SQLite's locks. The last page first:
 * until the first page of an overflow chain is mended, whoever reads meanwhile meets the damage, and no half of it.
 */
function mend(from: string, to: string, pageNumbers: readonly number[]): void {
  for (const page of pageNumbers.toReversed()) {
    const args = [`if=${from}`, `of=${to}`, `bs=${PAGE}`, `skip=${page - 1}`, `seek=${page - 1}`, "count=1"];
    ok(new Deno.Command("dd", { args: [...args, "conv=notrunc"], stderr: "null" }).outputSync().success);
  }
}

function run(fixture: SyncFixture, told: Happening[] = []): Promise<App> {
  return start({
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
    fileEvents: false,
    wait: false,
  }, { observe: (happening) => told.push(happening), limits: { busyLimitMs: 200 } });
}

for (const type of ["leaf", "overflow"] as const) {
  Deno.test(`start() blames Messages' database, reads what stands before the damage, and all of it when it is mended (${type})`, async () => {
    using fixture = new SyncFixture();
    populate(fixture.app.db, { messages: 1_600, chats: 5, seed: 7 });
    if (type === "overflow") {
      fixture.app.db.exec("UPDATE message SET text = hex(zeroblob(8000)) WHERE ROWID % 100 = 70");
    }
    fixture.quitApp();
    fixture.release();
    const good = `${fixture.folder}/good.db`;
    Deno.copyFileSync(fixture.chatDb, good);
    const broken = inTheMiddle(good, type);
    overwrite(fixture.chatDb, broken);
    const told: Happening[] = [];
    {
      await using app = await run(fixture, told);
      await until(() => app.status().state === "failed", "the failure");
      await rejects(app.syncNow("test"), { code: "source_damaged" });
      equal(app.status().sources[0]?.state, "failed");
      await until(() => app.status().database.messages > 300, "what stands before the damage");
      ok(app.status().database.messages < 1_500);
      const states = told.flatMap((each) => each.kind === "state" ? [each.state] : []);
      deepEqual(states, ["importing", "failed"]);
      mend(good, fixture.chatDb, broken);
      await until(() => app.status().state === "live", "life");
    }
    fixture.restart();
    using fresh = new SyncFixture();
    fresh.readFrom(good);
    fresh.sync();
    deepEqual(logicalContent(fixture.db), logicalContent(fresh.db));
  });
}

Deno.test("start() blames our database, and not Messages', when ours is the damaged one", async () => {
  using fixture = new SyncFixture();
  populate(fixture.app.db, { messages: 400, chats: 5, seed: 7 });
  fixture.sync();
  fixture.release();
  overwrite(fixture.database, pages(fixture.database, "messages", "leaf"));
  await using app = await run(fixture);
  await until(() => app.status().state === "failed", "the failure");
  await rejects(app.syncNow("test"), { code: "damaged", message: /our database is damaged/ });
  deepEqual(app.status().sources[0], { kind: "messages", path: fixture.chatDb, state: "ok", hint: "" });
});

Deno.test("start() blames Messages' database when a lock on it lasts that came while it was attached", async () => {
  using fixture = new SyncFixture();
  fixture.app.createChat({ address: "+15550100001" });
  fixture.release();
  fixture.app.db.exec("PRAGMA journal_mode = DELETE");
  await using app = await run(fixture);
  await until(() => app.status().state === "live", "life");
  fixture.app.db.exec("BEGIN EXCLUSIVE");
  await until(() => app.status().state === "failed", "the failure");
  await rejects(app.syncNow("test"), { code: "source_locked" });
  equal(app.status().sources[0]?.state, "failed");
  fixture.app.db.exec("ROLLBACK");
  await until(() => app.status().state === "live", "life");
});
