/** PROTOCOL.md and the server have the same routes. */
import assert from "node:assert/strict";
import { dashboardAssets } from "../../src/dashboard/assets.ts";
import { apiRoutes } from "../../src/notify/routes.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { HEALTH, NO_CHATS, NO_CONTACTS, SUMMARY } from "../notify/support/server.ts";
import { STATUS } from "../support/status.ts";
import { codeIn, readPage, section, tableRows } from "./support/pages.ts";

/** As the page writes it: `/api/v1/chats/ID`. */
function written(path: RegExp): string {
  return path.source.replace(/^\^|\$$/g, "").replaceAll("\\/", "/").replace(/\(\?<id>[^)]*\)/, "ID");
}

Deno.test("PROTOCOL.md has every route of the server, and none besides", () => {
  const routes = apiRoutes({
    health: () => HEALTH,
    status: () => STATUS,
    sync: () => Promise.resolve(SUMMARY),
    chats: NO_CHATS,
    contacts: NO_CONTACTS,
    activity: () => Promise.reject(new Error("not asked for")),
  }, { clock: systemClock, bodyMs: 0 });
  assert.ok(dashboardAssets.has("/"));
  // The page's own files come with it; the WebSocket is the server's own.
  const real = [...routes.map(({ method, path }) => `${method} ${written(path)}`), "GET /", "GET /ws"];
  const rows = tableRows(section(readPage("src/notify/PROTOCOL.md"), "## HTTP routes"), "route");
  const documented = rows.flatMap(([route = ""]) => codeIn(route)).map((route) => route.replace(/\?.*/, ""));
  assert.deepEqual(documented.toSorted(), real.toSorted());
});
