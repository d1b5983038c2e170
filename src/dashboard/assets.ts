/** The dashboard's files, embedded in the program, by the path under which they are served. */
import script from "./app.js" with { type: "text" };
import style from "./app.css" with { type: "text" };
import page from "./index.html" with { type: "text" };

export interface DashboardAsset {
  readonly body: string;
  readonly contentType: string;
}

export const dashboardAssets: ReadonlyMap<string, DashboardAsset> = new Map([
  ["/", { body: page, contentType: "text/html; charset=utf-8" }],
  ["/app.js", { body: script, contentType: "text/javascript; charset=utf-8" }],
  ["/app.css", { body: style, contentType: "text/css; charset=utf-8" }],
]);
