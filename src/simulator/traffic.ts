/** Steady traffic for load tests: so many messages a second, one commit each. */
import { sleep } from "../platform/clock.ts";
import { text } from "../sqlite/row.ts";
import type { MessagesApp } from "./messages_app.ts";
import { PEOPLE } from "./people.ts";
import { randomText } from "./random_text.ts";

export interface TrafficOptions {
  readonly perSecond: number;
  readonly seconds: number;
  /** GUIDs of the chats to write to; default all that there are, or a new one. */
  readonly chats?: readonly string[] | undefined;
  readonly signal?: AbortSignal;
}

export interface TrafficMessage {
  readonly guid: string;
  readonly rowid: number;
  /** When COMMIT had returned: milliseconds since 1970 UTC with a fraction. */
  readonly committedAtMs: number;
}

/**
 * Keeps to the timetable: after a slow commit the next ones follow at once. Ends early, with what it wrote so far,
 * when `signal` aborts.
 */
export async function sendTraffic(app: MessagesApp, options: TrafficOptions): Promise<TrafficMessage[]> {
  const { perSecond, seconds, signal } = options;
  const chats = chatsToUse(app, options.chats ?? []);
  const written: TrafficMessage[] = [];
  const start = app.clock.monotonic();
  for (let i = 0; i < perSecond * seconds; i++) {
    const wait = start + i * 1_000 / perSecond - app.clock.monotonic();
    if (wait > 0) await sleep(app.clock, wait, signal);
    if (signal?.aborted) break;
    const chat = app.random.pick(chats);
    const fromMe = app.random.chance(0.4);
    const { guid, rowid } = app.message({
      chat: chat.guid,
      text: randomText(app.random),
      ...(fromMe ? {} : { from: chat.member }),
    });
    written.push({ guid, rowid, committedAtMs: performance.timeOrigin + performance.now() });
  }
  return written;
}

interface Target {
  readonly guid: string;
  readonly member: string;
}

function chatsToUse(app: MessagesApp, wanted: readonly string[]): Target[] {
  const known = app.db.prepare(
    `SELECT chat.guid AS guid, min(handle.id) AS member
       FROM chat
       JOIN chat_handle_join ON chat_id = chat.ROWID
       JOIN handle ON handle.ROWID = handle_id
      GROUP BY chat.ROWID ORDER BY chat.ROWID`,
  ).all().map((row) => ({ guid: text(row, "guid"), member: text(row, "member") }));
  const chosen = wanted.length === 0 ? known : known.filter(({ guid }) => wanted.includes(guid));
  if (chosen.length > 0) return chosen;
  const member = PEOPLE.nora.address;
  return [{ guid: app.createChat({ address: member }).guid, member }];
}
