/// <reference lib="deno.ns" />
/**
 * Makes `built/` of `page/`: one script, one style sheet, one page. Run by `deno task dashboard`, and by the test that
 * compares what it gives with what is committed; no part of the program itself.
 */
import uplotStyle from "uplot/dist/uPlot.min.css" with { type: "text" };
import page from "./index.html" with { type: "text" };
import base from "./style/base.css" with { type: "text" };
import layout from "./style/layout.css" with { type: "text" };
import panels from "./style/panels.css" with { type: "text" };

const here = (path: string) => new URL(path, import.meta.url);

/** Their licence asks that its words go where they go. */
const NOTICE = `/*! Holds these packages, each under the MIT licence:
preact (c) 2015-present Jason Miller
@preact/signals and @preact/signals-core (c) 2022-present Preact Team
uPlot (c) 2022 Leon Sorokin

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE. */
`;

/** The files of `built/` by name: the same sources give the same bytes. */
export async function buildDashboard(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ["index.html", page],
    ["app.css", [uplotStyle.trim(), base, layout, panels].join("\n")],
    ["app.js", NOTICE + await bundle("main.tsx")],
  ]);
}

/** `deno bundle` has the esbuild that belongs to the Deno that is pinned, so nobody else's version counts. */
async function bundle(entry: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "bundle",
      "--quiet",
      "--platform=browser",
      "--minify",
      `--config=${here("deno.json").pathname}`,
      here(entry).pathname,
    ],
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  if (!success) throw new Error(`Cannot build the page: ${text.decode(stderr)}`);
  return text.decode(stdout);
}

if (import.meta.main) {
  for (const [name, text] of await buildDashboard()) Deno.writeTextFileSync(here(`../built/${name}`), text);
}
