/** A list's page as a response. */
import type { Page } from "../model/page.ts";
import { jsonTextAnswer } from "./answer.ts";

/** The items are JSON already: they go out as they came from SQLite. */
export function pageAnswer({ items, next }: Page): Response {
  return jsonTextAnswer(200, `{"items":[${items.join(",")}],"next":${JSON.stringify(next)}}`);
}
