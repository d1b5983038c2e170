/**
 * The dashboard's files, embedded in the program, by the path under which they are served. They are built from `page/`
 * by `deno task dashboard`; a test compares.
 */
import script from "./built/app.js" with { type: "text" };
import style from "./built/app.css" with { type: "text" };
import page from "./built/index.html" with { type: "text" };

export interface DashboardAsset {
  readonly body: string;
  readonly contentType: string;
}

export const dashboardAssets: ReadonlyMap<string, DashboardAsset> = new Map([
  ["/", { body: page, contentType: "text/html; charset=utf-8" }],
  ["/app.js", { body: script, contentType: "text/javascript; charset=utf-8" }],
  ["/app.css", { body: style, contentType: "text/css; charset=utf-8" }],
]);
