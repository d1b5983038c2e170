import assert from "node:assert/strict";
import { createLog, type LogLevel } from "../../src/platform/log.ts";

function logged(
  format: "text" | "json",
  level: LogLevel,
  write: (log: ReturnType<typeof createLog>) => void,
): string[] {
  const lines: string[] = [];
  const clock = { now: () => Date.UTC(2026, 10, 22, 14, 3, 11, 204) };
  write(createLog({ format, level, write: (line) => lines.push(line), clock }));
  return lines;
}

Deno.test("createLog() writes time, level, message and fields on one line when the format is text", () => {
  const lines = logged(
    "text",
    "info",
    (log) => log.info("pass done", { rows: 3, why: "file event", ok: true }),
  );
  assert.deepEqual(lines, ['2026-11-22T14:03:11.204Z info    pass done rows=3 why="file event" ok=true\n']);
});

Deno.test("createLog() writes one JSON object a line when the format is json", () => {
  const lines = logged("json", "info", (log) => log.error("no\nway", { code: "x", level: "mine", at: null }));
  assert.equal(lines.length, 1);
  assert.equal(
    lines[0],
    '{"time":"2026-11-22T14:03:11.204Z","level":"error","message":"no\\nway","code":"x","at":null}\n',
  );
});

Deno.test("createLog() leaves out what is below the level when the level is higher", () => {
  const lines = logged("text", "warning", (log) => {
    log.debug("a");
    log.info("b");
    log.warning("c");
    log.error("d");
  });
  assert.deepEqual(lines.map((line) => line.split(/ +/)[1]), ["warning", "error"]);
});

Deno.test("createLog() keeps a line one line when a text holds line ends or escape codes", () => {
  const [line] = logged("text", "info", (log) => log.info("a\r\n\x1b[2Kb", { path: "/x\ny", empty: "" }));
  assert.equal(line, '2026-11-22T14:03:11.204Z info    a [2Kb path="/x\\ny" empty=""\n');
});
