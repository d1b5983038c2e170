/** Whom the bulk history is with: pure, from a random source. */
import type { SeededRandom } from "../random.ts";

export interface CrowdHandle {
  readonly address: string;
  readonly service: string;
}

export interface CrowdChat {
  readonly guid: string;
  readonly identifier: string;
  readonly service: string;
  /** Null in 1:1 chats. */
  readonly roomName: string | null;
  readonly name: string;
  /** Positions in the list of handles. */
  readonly members: readonly number[];
}

export interface Crowd {
  readonly handles: readonly CrowdHandle[];
  readonly chats: readonly CrowdChat[];
}

const AREA_CODES = ["212", "213", "312", "404", "415", "503", "617", "702", "773", "206"];
const GROUP_NAMES = ["Family", "Book club 📚", "Flat 4b", "", "Ski trip", "", "Parents 3c", "Band", ""];

/**
 * `count` chats: a quarter groups, the others 1:1, some of these twice with one address (iMessage and SMS), and one
 * in twenty with a short code or a mail address.
 */
export function inventCrowd(random: SeededRandom, count: number): Crowd {
  const handles: CrowdHandle[] = [];
  const chats: CrowdChat[] = [];
  const handle = (address: string, service: string) => handles.push({ address, service }) - 1;
  const oneToOne = (address: string, service: string) =>
    chats.push({
      guid: `${service};-;${address}`,
      identifier: address,
      service,
      roomName: null,
      name: "",
      members: [handle(address, service)],
    });
  for (let i = 0; chats.length < count; i++) {
    const address = addressOf(i);
    if (chats.length % 4 === 3) chats.push(group(random, i, handles));
    else oneToOne(address, i % 20 === 7 ? "SMS" : "iMessage");
    if (
      i % 6 === 4 && chats.length < count && address.startsWith("+") && !isKnown(chats, `SMS;-;${address}`)
    ) {
      oneToOne(address, "SMS");
    }
  }
  return { handles, chats };
}

function isKnown(chats: readonly CrowdChat[], guid: string): boolean {
  return chats.some((chat) => chat.guid === guid);
}

/** Numbers kept for fiction (555-01xx) of ten areas, then of made-up ones from 820 on, which none of the ten has. */
function addressOf(i: number): string {
  if (i % 20 === 7) return String(20_000 + i);
  if (i % 20 === 13) return `person.${i}@example.com`;
  const area = AREA_CODES[Math.floor(i / 100)] ?? String(810 + Math.floor(i / 100));
  return `+1${area}5550${100 + i % 100}`;
}

function group(random: SeededRandom, i: number, handles: readonly CrowdHandle[]): CrowdChat {
  const reachable = handles.flatMap(({ service }, position) => service === "iMessage" ? [position] : []);
  const identifier = `chat${random.integer(100_000_000, 999_999_999)}${100_000 + i}`;
  return {
    guid: `iMessage;+;${identifier}`,
    identifier,
    service: "iMessage",
    roomName: identifier,
    name: random.pick(GROUP_NAMES),
    members: random.shuffled(reachable).slice(0, random.integer(2, 7)),
  };
}
