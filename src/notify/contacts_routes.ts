/** `/api/v1/contacts…`: people and their merges listed, a merge undone, a contact renamed. */
import * as v from "valibot";
import { chosenName } from "../model/chosen_name.ts";
import type { ContactsAsk, ListAsk, Page } from "../model/page.ts";
import { jsonTextAnswer } from "./answer.ts";
import { type BodyPatience, readBody } from "./body.ts";
import { badRequest, contactsAsk, listAsk } from "./list_ask.ts";
import { pageAnswer } from "./page_answer.ts";
import type { Call, Route } from "./route.ts";

/** Items are JSON texts. */
export interface ContactsPort {
  /** Throws LiveSyncError `bad_request` where `before` is none; so does `merges`. */
  list(ask: ContactsAsk): Page;
  merges(ask: ListAsk): Page;
  /** Gives the merge. Throws LiveSyncError `not_found`, `already_undone`. */
  undo(mergeId: number): Promise<string>;
  /** Gives the contact; an empty name takes the person's choice back. Throws LiveSyncError `not_found`. */
  rename(contactId: number, name: string): Promise<string>;
}

export function contactsRoutes(contacts: ContactsPort, patience: BodyPatience): readonly Route[] {
  return [
    {
      method: "GET",
      path: /^\/api\/v1\/contacts$/,
      answer: ({ query }) => pageAnswer(contacts.list(contactsAsk(query))),
    },
    {
      method: "GET",
      path: /^\/api\/v1\/contacts\/merges$/,
      answer: ({ query }) => pageAnswer(contacts.merges(listAsk(query))),
    },
    {
      method: "POST",
      path: /^\/api\/v1\/contacts\/merges\/(?<id>[1-9]\d{0,14})\/undo$/,
      answer: (call) => undoAnswer(call, contacts, patience),
    },
    {
      method: "PUT",
      path: /^\/api\/v1\/contacts\/(?<id>[1-9]\d{0,14})\/name$/,
      answer: (call) => renameAnswer(call, contacts, patience),
    },
  ];
}

async function undoAnswer(
  { request, id }: Call,
  contacts: ContactsPort,
  patience: BodyPatience,
): Promise<Response> {
  const body = await readBody(request, patience, "An undo needs no body.");
  return body instanceof Response ? body : jsonTextAnswer(200, await contacts.undo(id));
}

const NAME_HINT = 'Send {"name":"…"}; an empty name takes the choice back.';
const NameBody = v.object({ name: v.string() });

async function renameAnswer(
  { request, id }: Call,
  contacts: ContactsPort,
  patience: BodyPatience,
): Promise<Response> {
  const body = await readBody(request, patience, NAME_HINT);
  if (body instanceof Response) return body;
  const asked = v.safeParse(NameBody, parsed(body));
  if (!asked.success) {
    throw badRequest("The body must be a JSON object with a text `name`", NAME_HINT);
  }
  return jsonTextAnswer(200, await contacts.rename(id, chosenName(asked.output.name)));
}

/** The value, or undefined (which no JSON text gives). */
function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (error) {
    // No UTF-8, no JSON.
    if (error instanceof TypeError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
