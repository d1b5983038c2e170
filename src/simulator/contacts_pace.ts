/** Lets the demo's cards change at their times, until the plan is over or it is told to stop. */
import { type Clock, sleep } from "../platform/clock.ts";
import type { CardEdit, NewCard } from "./contacts/inputs.ts";
import { ContactsApp } from "./contacts_app.ts";
import type { ContactsPlan, ContactsStep } from "./contacts_plan.ts";
import type { MessagesApp } from "./messages_app.ts";
import type { NewChat, NewMessage } from "./operations/inputs.ts";
import { SeededRandom } from "./random.ts";

/** Both apps, as they are in other processes. */
export interface ContactsPacePorts {
  readonly contacts: {
    addCard(card: NewCard): Promise<unknown>;
    editCard(edit: CardEdit): Promise<unknown>;
  };
  readonly messages: {
    createChat(chat: NewChat): Promise<{ readonly guid: string }>;
    message(message: NewMessage): Promise<unknown>;
  };
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** What was there before: the AddressBook with its first cards, and who wrote at some time. Leaves all of it closed. */
export function makeContactsPast(plan: ContactsPlan, folder: string, messages: MessagesApp): void {
  for (const { address, country } of plan.known) messages.addHandle({ address, country });
  using contacts = new ContactsApp(folder, { clock: messages.clock, random: new SeededRandom(2) });
  contacts.addStore({ store: plan.account });
  for (const card of plan.cards) contacts.addCard(card);
}

/** Call it when the conversations begin. Throws what the apps answer. */
export async function playContactsPace(plan: ContactsPlan, ports: ContactsPacePorts): Promise<void> {
  const { clock, signal } = ports;
  const startMs = clock.monotonic();
  for (const step of plan.steps) {
    await sleep(clock, Math.max(0, startMs + step.atMs - clock.monotonic()), signal);
    if (signal.aborted) return;
    await perform(step, ports);
  }
}

async function perform(step: ContactsStep, { contacts, messages }: ContactsPacePorts): Promise<void> {
  switch (step.kind) {
    case "add":
      await contacts.addCard(step.card);
      break;
    case "edit":
      await contacts.editCard(step.edit);
      break;
    case "message": {
      const { guid } = await messages.createChat(step.from);
      await messages.message({ chat: guid, from: step.from.address, text: step.text });
      break;
    }
  }
}
