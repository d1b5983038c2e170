/** The read API on our database, in this process: pages far down, with few messages and with many, and the year's days. */
import type { ListAsk, Page } from "../../../src/model/page.ts";
import { integer } from "../../../src/sqlite/row.ts";
import { type Connection, openDatabase } from "../../../src/sqlite/sqlite.ts";
import { readActivity } from "../../../src/store/queries/activity.ts";
import { listChats, listMessages } from "../../../src/store/queries/chats.ts";
import { type Figure, thousands } from "../bench.ts";
import { median } from "../quantiles.ts";
import type { Row } from "../report.ts";

/** More than 50 pages of 10 items; and the largest has as many messages, also where there are few. */
const CHATS = 600;
const PAGES = 50;
const ITEMS = 10;
const FEW = 20_000;

export const apiFigure: Figure = {
  name: "api",
  async run({ sizes, ground }) {
    const rows: Row[] = [];
    const compared = [FEW, sizes.apiMessages];
    // deno-lint-ignore no-undef -- the rule does not know it yet
    using stack = new DisposableStack();
    const dbs: Connection[] = [];
    for (const messages of compared) {
      const place = await ground.imported(messages, CHATS);
      stack.defer(() => ground.drop(place));
      dbs.push(stack.use(openDatabase(place.database, { readOnly: true })));
    }
    for (const [name, listsOf] of Object.entries(LISTS)) {
      const measured = measurePages(dbs.map(listsOf), sizes.apiRuns);
      rows.push(...pageRows(name, compared, measured));
    }
    for (const [i, db] of dbs.entries()) rows.push(...await activityRows(db, compared[i] ?? 0));
    return rows;
  },
};

type List = (ask: ListAsk) => Page;

const LISTS: Readonly<Record<string, (db: Connection) => List>> = {
  chats: (db) => (ask) => listChats(db, ask),
  "messages of the largest chat": (db) => {
    const largest = db.prepare("SELECT id FROM chats ORDER BY total_messages DESC LIMIT 1").get() ?? {};
    const chat = integer(largest, "id");
    return (ask) => listMessages(db, chat, ask);
  },
};

interface PageTimes {
  /** Medians in milliseconds. */
  readonly first: number;
  readonly far: number;
}

/** Of each list; all in turn, so that the machine's noise meets all alike. */
function measurePages(lists: readonly List[], runs: number): PageTimes[] {
  const subjects = lists.map((list) => ({
    list,
    before: beforeOfPage(list, PAGES),
    first: [] as number[],
    far: [] as number[],
  }));
  for (let run = 0; run < runs; run++) {
    for (const { list, before, first, far } of subjects) {
      first.push(timed(() => list({ limit: ITEMS, before: null })));
      far.push(timed(() => list({ limit: ITEMS, before })));
    }
  }
  return subjects.map(({ first, far }) => ({ first: median(first), far: median(far) }));
}

function beforeOfPage(list: List, page: number): string {
  let before: string | null = null;
  for (let i = 1; i < page; i++) {
    const { next } = list({ limit: ITEMS, before });
    if (next === null) throw new Error(`There is no page ${page}`);
    before = next;
  }
  if (before === null) throw new Error("There is no page but the first");
  return before;
}

function timed(work: () => Page): number {
  const startedAt = performance.now();
  const { items } = work();
  const tookMs = performance.now() - startedAt;
  if (items.length !== ITEMS) throw new Error(`A page has ${items.length} items`);
  return tookMs;
}

function pageRows(name: string, compared: readonly number[], measured: readonly PageTimes[]): Row[] {
  const [few, many] = measured;
  if (few === undefined || many === undefined) return [];
  const [, count = 0] = compared;
  const note = `${ITEMS} items; with ${thousands(FEW)} messages ${few.first.toFixed(2)} and ` +
    `${few.far.toFixed(2)} ms, with ${thousands(count)} ${many.first.toFixed(2)} and ${
      many.far.toFixed(2)
    } ms`;
  return [
    {
      figure: `${name}: page ${PAGES} to page 1, ${thousands(count)} messages`,
      measured: many.far / many.first,
      unit: "×",
      bound: 1.5,
      note,
    },
    {
      figure: `${name}: page 1, ${thousands(count)} to ${thousands(FEW)} messages`,
      measured: many.first / few.first,
      unit: "×",
      bound: 1.5,
    },
  ];
}

/** The longest that a message which comes meanwhile waits. */
const HOLD_BOUND_MS = 50;
const TURN_MS = 10;
const RUNS = 5;

async function activityRows(db: Connection, messages: number): Promise<Row[]> {
  const newest = integer(db.prepare("SELECT max(last_message_date) AS at FROM chats").get() ?? {}, "at");
  const times: number[] = [];
  const holds: number[] = [];
  let counted = 0;
  for (let run = 0; run < RUNS; run++) {
    const startedAt = performance.now();
    let since = startedAt;
    const { sent, received } = await readActivity(
      db,
      { days: 365, zone: "Europe/Berlin", top: 8 },
      newest,
      {
        isDue: () => performance.now() - since >= TURN_MS,
        pause: () => {
          holds.push(performance.now() - since);
          since = performance.now();
          return Promise.resolve();
        },
      },
    );
    times.push(performance.now() - startedAt);
    holds.push(performance.now() - since);
    counted = sent + received;
  }
  const name = `activity of a year by contact, ${thousands(messages)} messages`;
  return [
    {
      figure: name,
      measured: median(times),
      unit: "ms",
      bound: null,
      note: `${thousands(counted)} in the year`,
    },
    { figure: `${name}: loop held`, measured: Math.max(...holds), unit: "ms", bound: HOLD_BOUND_MS },
  ];
}
