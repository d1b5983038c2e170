import { text } from "../sqlite/row.ts";
import type { Scene } from "./conversations/script.ts";
import type { MessagesApp } from "./messages_app.ts";
import { PEOPLE } from "./people.ts";

/** Finds the chat of a scene, and makes it the first time; also after a restart on the same file. */
export class ChatBook {
  readonly #app: MessagesApp;
  readonly #guids = new Map<string, string>();

  constructor(app: MessagesApp) {
    this.#app = app;
  }

  /** GUID of the scene's chat; with `isSms`, of the SMS chat with the same address. */
  chatOf(scene: Scene, isSms: boolean): string {
    if ("group" in scene.chat) {
      const { name, members } = scene.chat.group;
      const addresses = members.map((member) => PEOPLE[member].address);
      const identifier = groupIdentifier(addresses);
      return this.#findOrMake(`iMessage;+;${identifier}`, (guid) =>
        this.#app.createGroup({
          guid,
          identifier,
          members: addresses,
          ...(name === undefined ? {} : { name }),
        }).guid);
    }
    const { address, country } = PEOPLE[scene.chat.person];
    const service = isSms ? "SMS" : "iMessage";
    return this.#findOrMake(
      `${service};-;${address}`,
      (guid) => this.#app.createChat({ guid, address, service, country }).guid,
    );
  }

  #findOrMake(guid: string, make: (guid: string) => string): string {
    const known = this.#guids.get(guid);
    if (known !== undefined) return known;
    const row = this.#app.db.prepare("SELECT guid FROM chat WHERE guid = :guid").get({ guid });
    const found = row ? text(row, "guid") : make(guid);
    this.#guids.set(guid, found);
    return found;
  }
}

/** `chat` and digits, as Messages makes them, but the same for the same members. */
function groupIdentifier(addresses: readonly string[]): string {
  let sum = 7;
  for (const unit of addresses.join()) sum = (sum * 31 + (unit.codePointAt(0) ?? 0)) % 900_000_007;
  return `chat${100_000_000 + sum}42`;
}
