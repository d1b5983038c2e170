/** `/api/v1/activity`: messages per day, for a chart. */
import {
  type Activity,
  type ActivityAsk,
  DEFAULT_DAYS,
  DEFAULT_TOP,
  MAX_DAYS,
  MAX_TOP,
} from "../model/activity.ts";
import { jsonAnswer } from "./answer.ts";
import { badRequest } from "./list_ask.ts";
import type { Route } from "./route.ts";

/** Throws LiveSyncError `bad_request` for a zone that is none, `importing`, `stopping`. */
export type ActivityPort = (ask: ActivityAsk) => Promise<Activity>;

export function activityRoutes(activity: ActivityPort): readonly Route[] {
  return [{
    method: "GET",
    path: /^\/api\/v1\/activity$/,
    answer: async ({ query }) => jsonAnswer(200, await activity(activityAsk(query))),
  }];
}

/** Pure. Throws LiveSyncError `bad_request`; whether the zone is one is for the port to say. */
function activityAsk(query: URLSearchParams): ActivityAsk {
  const by = query.get("by");
  if (by !== null && by !== "contact") {
    throw badRequest("Cannot read `by`", "Give `contact`, or leave it out.");
  }
  const top = numberIn(query, "top", DEFAULT_TOP, MAX_TOP);
  return {
    days: numberIn(query, "days", DEFAULT_DAYS, MAX_DAYS),
    zone: query.get("tz") ?? "UTC",
    top: by === null ? null : top,
  };
}

function numberIn(query: URLSearchParams, name: string, otherwise: number, most: number): number {
  const given = query.get(name);
  if (given === null) return otherwise;
  if (!/^[1-9]\d{0,8}$/.test(given) || Number(given) > most) {
    throw badRequest(`Cannot read \`${name}\``, `Give a whole number from 1 to ${most}.`);
  }
  return Number(given);
}
