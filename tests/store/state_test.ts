/** State read at once and written at once must be what single reads and writes give, whatever is rolled back. */
import { deepEqual, equal, throws } from "node:assert/strict";
import { openChatStatsDatabase } from "../../src/store/database.ts";
import { STATE_KEYS, StateStore } from "../../src/store/state.ts";
import { CountedConnection } from "../support/counted_connection.ts";

function withState(work: (state: StateStore, db: CountedConnection, stored: () => StateStore) => void): void {
  const folder = Deno.makeTempDirSync({ prefix: "chatstats-test-" });
  try {
    using ours = openChatStatsDatabase(`${folder}/chatstats.db`, { randomUuid: () => "feed" });
    const db = new CountedConnection(ours);
    work(new StateStore(db), db, () => new StateStore(ours));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("held() reads all keys in one statement, and writes what was changed in one at its end", () => {
  withState((state, db, stored) => {
    state.set(STATE_KEYS.rewalk, "1");
    db.takeRan();
    db.transaction(() =>
      state.held(() => {
        equal(state.get(STATE_KEYS.rewalk), "1");
        equal(state.get(STATE_KEYS.bulk), null);
        state.set(STATE_KEYS.messageRowid, 7);
        state.set(STATE_KEYS.messageGuid, "G\u0000G");
        state.set(STATE_KEYS.walPlace, "here");
        equal(state.getInteger(STATE_KEYS.messageRowid), 7, "what is set is read");
        equal(stored().get(STATE_KEYS.walPlace), null, "and not written yet");
      })
    );
    equal(db.takeRan().length, 4, "BEGIN, one read, one write, COMMIT");
    equal(stored().getInteger(STATE_KEYS.messageRowid), 7);
    equal(stored().get(STATE_KEYS.walPlace), "here");
  });
});

Deno.test("held() takes a key away that is set to null, also one that was set before in it", () => {
  withState((state, db, stored) => {
    state.set(STATE_KEYS.rewalk, "1");
    db.transaction(() =>
      state.held(() => {
        state.set(STATE_KEYS.rewalk, null);
        state.set(STATE_KEYS.bulk, "1");
        state.set(STATE_KEYS.bulk, null);
        equal(state.get(STATE_KEYS.rewalk), null);
      })
    );
    deepEqual([stored().get(STATE_KEYS.rewalk), stored().get(STATE_KEYS.bulk)], [null, null]);
  });
});

Deno.test("held() loses what it set when it throws, also for the reading() around it", () => {
  withState((state, db, stored) => {
    state.reading(() => {
      throws(() =>
        db.transaction(() =>
          state.held(() => {
            state.set(STATE_KEYS.messageRowid, 7);
            throw new Error("no");
          })
        ), /no/);
      equal(state.getInteger(STATE_KEYS.messageRowid), 0);
    });
    equal(stored().getInteger(STATE_KEYS.messageRowid), 0);
    equal(state.getInteger(STATE_KEYS.messageRowid), 0);
  });
});

Deno.test("reading() reads once, writes at once, and knows what held() wrote within it", () => {
  withState((state, db, stored) => {
    state.set(STATE_KEYS.rewalk, "1");
    db.takeRan();
    state.reading(() => {
      state.set(STATE_KEYS.bulk, "1");
      equal(stored().get(STATE_KEYS.bulk), "1");
      db.transaction(() =>
        state.held(() => {
          equal(state.get(STATE_KEYS.bulk), "1");
          state.set(STATE_KEYS.rewalk, null);
        })
      );
      equal(state.get(STATE_KEYS.rewalk), null);
      equal(state.get(STATE_KEYS.bulk), "1");
    });
    equal(db.takeRan().filter((sql) => sql.startsWith("SELECT")).length, 1);
    deepEqual([stored().get(STATE_KEYS.rewalk), stored().get(STATE_KEYS.bulk)], [null, "1"]);
  });
});
