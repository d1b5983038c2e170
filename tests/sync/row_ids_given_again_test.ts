/** Row ids of Messages' file that name something else by the time we look: what they named before is followed, too. */
import { deepEqual } from "node:assert/strict";
import { type HeardEvent, names, Workbench, type WorkbenchOptions } from "../support/workbench.ts";

const JANE = "+15550100001";
const OMAR = "+15550100002";
const EVE = "eve@example.com";
const CLIMBING = "iMessage;+;chat900";
const READING = "iMessage;+;chat901";

/** In step, with two groups; the newest row of who is in a chat says that Eve is in Climbing. */
function twoGroups(options: WorkbenchOptions = {}): Workbench {
  const bench = new Workbench({ lookBack: 0, ...options });
  bench.app.createGroup({ members: [JANE, OMAR], name: "Reading", identifier: "chat901" });
  bench.app.createGroup({ members: [JANE, OMAR], name: "Climbing", identifier: "chat900" });
  bench.app.changeMembers({ chat: CLIMBING, add: [EVE] });
  bench.sync();
  bench.reconcile();
  return bench;
}

/** What a commit in the source brings about. */
function committed(bench: Workbench): HeardEvent[] {
  const events: HeardEvent[] = [];
  while (true) {
    const step = bench.step(5_000, { reason: "commit", thorough: false });
    events.push(...step.events);
    if (!step.more) return events;
  }
}

/** Who is in which chat, as `chat900 eve@example.com`. */
function members(bench: Workbench): unknown[] {
  return bench.column(`
    SELECT c.chat_identifier || ' ' || p.name FROM chat_participants cp
      JOIN chats c ON c.id = cp.chat_id JOIN contacts p ON p.id = cp.contact_id
     ORDER BY 1`);
}

function newestMember({ app }: Workbench): unknown {
  return app.db.prepare("SELECT max(ROWID) AS newest FROM chat_handle_join").get()?.["newest"];
}

/** What is told when Eve leaves Climbing and `taken` gives the row that said she was in it to another chat. */
function eveLeaves(bench: Workbench, taken: (bench: Workbench) => void): HeardEvent[] {
  const newest = newestMember(bench);
  bench.app.changeMembers({ chat: CLIMBING, remove: [EVE] });
  taken(bench);
  deepEqual(newestMember(bench), newest, "the row is given again");
  const events = committed(bench);
  const left = events.filter(({ event, data }) =>
    event === "chat.participants" && data["removed"].length > 0
  );
  deepEqual(left.map(({ data }) => data["removed"]), [
    bench.column(`SELECT id FROM contacts WHERE name = '${EVE}'`),
  ]);
  deepEqual(bench.sync().events, [], "nothing is left to tell");
  deepEqual(bench.reconcile(), [], "nothing is left to mend");
  return events;
}

Deno.test("step() tells who left a group when a new group took over that row before we looked", () => {
  using bench = twoGroups();
  const events = eveLeaves(bench, ({ app }) => app.createGroup({ members: [OMAR], identifier: "chat902" }));
  deepEqual(names(events), ["chat.created", "chat.participants"]);
  deepEqual(members(bench), [
    `chat900 ${JANE}`,
    `chat900 ${OMAR}`,
    `chat901 ${JANE}`,
    `chat901 ${OMAR}`,
    `chat902 ${OMAR}`,
  ]);
});

Deno.test("step() tells who left a group when another group took over that row before we looked", () => {
  using bench = twoGroups();
  const events = eveLeaves(bench, ({ app }) => app.changeMembers({ chat: READING, add: [EVE] }));
  deepEqual(names(events), ["chat.participants", "chat.participants"]);
  deepEqual(
    members(bench),
    [
      `chat900 ${JANE}`,
      `chat900 ${OMAR}`,
      `chat901 ${JANE}`,
      `chat901 ${OMAR}`,
      `chat901 ${EVE}`,
    ].toSorted(),
  );
});

Deno.test("step() tells who left a group when a new group took over that row and no WAL is read", () => {
  using bench = twoGroups({ changes: null });
  eveLeaves(bench, ({ app }) => app.createGroup({ members: [OMAR], identifier: "chat902" }));
});
