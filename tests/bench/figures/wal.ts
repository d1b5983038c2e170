/** What it costs to learn from the WAL which rows a commit may have changed. */
import { openDatabase } from "../../../src/sqlite/sqlite.ts";
import { WalFollower } from "../../../src/watch/wal_follower.ts";
import type { Figure } from "../bench.ts";
import { median } from "../quantiles.ts";

const PAGES = 20;
const FRAME_BYTES = 24 + 4096;

export const walFigure: Figure = {
  name: "wal",
  run({ sizes, ground }) {
    const { messagesDb, database } = ground.newPlace();
    using source = openDatabase(messagesDb);
    source.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF");
    source.exec(
      "CREATE TABLE message (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT, date_read INTEGER)",
    );
    // About 30 rows a page, as in a chat.db.
    source.exec(
      `WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 30000)
       INSERT INTO message SELECT i, printf('%0120d', i), 0 FROM n`,
    );
    const follower = new WalFollower(messagesDb);
    follower.accept(follower.read());
    const bytes = new Uint8Array(PAGES * FRAME_BYTES);
    const times: { readonly follow: number; readonly plain: number }[] = [];
    for (let i = 0; i < 20 * sizes.passes; i++) {
      // Rows far apart, each on a page of its own.
      source.prepare("UPDATE message SET date_read = :i WHERE ROWID % 1500 = :at").run({ i, at: i % 1500 });
      // In turn first, so that neither finds the bytes in the processor's cache more often.
      const plainFirst = i % 2 === 0;
      const before = plainFirst ? readPlainly(messagesDb, bytes) : 0;
      const startedAt = performance.now();
      const reading = follower.read();
      const follow = performance.now() - startedAt;
      follower.accept(reading);
      const plain = plainFirst ? before : readPlainly(messagesDb, bytes);
      if (reading.frames === PAGES && !reading.gap) times.push({ follow, plain });
    }
    if (times.length < 10 * sizes.passes) {
      throw new Error(`Only ${times.length} commits wrote ${PAGES} pages`);
    }
    const follow = median(times.map((time) => time.follow));
    const plain = median(times.map((time) => time.plain));
    ground.drop({ messagesDb, database });
    return Promise.resolve([{
      figure: `WAL after a commit of ${PAGES} pages: times reading the bytes`,
      measured: follow / plain,
      unit: "×",
      bound: 3,
      note:
        `medians of ${times.length}: ${micro(follow)} to rows, ${
          micro(plain)
        } to open the file, read ${PAGES} ` +
        `frames and close it`,
    }]);
  },
};

/** What any reader must do who learns that something was committed. */
function readPlainly(messagesDb: string, into: Uint8Array): number {
  const startedAt = performance.now();
  using file = Deno.openSync(`${messagesDb}-wal`);
  const { size } = file.statSync();
  file.seekSync(Math.max(0, size - into.length), Deno.SeekMode.Start);
  file.readSync(into);
  return performance.now() - startedAt;
}

function micro(ms: number): string {
  return `${(ms * 1000).toFixed(1)} µs`;
}
