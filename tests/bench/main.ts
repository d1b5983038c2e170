/**
 * The program's figures beside their bounds, measured on the real program: `deno task bench`.
 *
 *     --short      small sizes, under a minute: everything runs once; its figures mean little
 *     --full       issue 3's sizes: 2,000,000 and 5,000,000 messages
 *     --only NAME  some figures, by name, separated by commas
 *     --json       for programs
 *
 * Exit code 1 when a measurement could not be made, 2 for unknown options. A missed bound is marked "over" and is no
 * failure: machines are shared and noisy.
 */
import { errorMessage } from "../../src/model/errors.ts";
import type { Bench, Figure } from "./bench.ts";
import { apiFigure } from "./figures/api.ts";
import { burstFigure } from "./figures/burst.ts";
import { editFigure, reconcileFigure, walPassFigure } from "./figures/changes.ts";
import { contactsFigure } from "./figures/contacts.ts";
import { contactsLiveFigure } from "./figures/contacts_live.ts";
import { idleFigure } from "./figures/idle.ts";
import { importFigure } from "./figures/import.ts";
import { latencyFigure } from "./figures/latency.ts";
import { mergeFigure } from "./figures/merge.ts";
import { noFileEventsFigure } from "./figures/no_file_events.ts";
import { passFigure } from "./figures/pass.ts";
import { scaleImportFigure, scalePassFigure } from "./figures/scale.ts";
import { startFigure } from "./figures/start.ts";
import { stepFigure } from "./figures/step.ts";
import { walFigure } from "./figures/wal.ts";
import { Ground } from "./ground.ts";
import { describeMachine } from "./machine.ts";
import { type BenchOptions, readOptions, USAGE } from "./options.ts";
import { type Failed, isOver, renderTable, type Row } from "./report.ts";
import { DEFAULT_SIZES, SHORT_SIZES } from "./sizes.ts";

const FIGURES: readonly Figure[] = [
  importFigure,
  latencyFigure,
  noFileEventsFigure,
  burstFigure,
  idleFigure,
  startFigure,
  stepFigure,
  passFigure,
  editFigure,
  walPassFigure,
  reconcileFigure,
  contactsFigure,
  contactsLiveFigure,
  mergeFigure,
  apiFigure,
  walFigure,
];
const FULL_FIGURES: readonly Figure[] = [scaleImportFigure, scalePassFigure];

async function main(args: readonly string[]): Promise<number> {
  const chosen = choose(args);
  if (typeof chosen === "string") {
    console.error(`${chosen}\n${USAGE}`);
    return 2;
  }
  const { options, figures } = chosen;
  const head = await describeMachine(args);
  if (!options.json) console.log(`${head.join("\n")}\n`);
  const startedAt = performance.now();
  const { rows, failures } = await measure(figures, options);
  const tookMs = performance.now() - startedAt;
  if (options.json) console.log(JSON.stringify({ head, rows: rows.map(withMark), failures, tookMs }));
  else {
    console.log(renderTable(rows, failures));
    const small = options.sizes === "short" ? "; --short: the sizes are too small for the bounds" : "";
    console.log(`\ntook ${(tookMs / 1000).toFixed(0)} s${small}`);
  }
  return failures.length > 0 ? 1 : 0;
}

/** What to run, or what is wrong with the words. */
function choose(args: readonly string[]): { options: BenchOptions; figures: readonly Figure[] } | string {
  let options: BenchOptions;
  try {
    options = readOptions(args);
  } catch (error) {
    if (error instanceof TypeError) return error.message;
    throw error;
  }
  const all = options.sizes === "full" ? FULL_FIGURES : FIGURES;
  const names = all.map(({ name }) => name);
  const unknown = options.only?.find((name) => !names.includes(name));
  if (unknown !== undefined) return `There is no figure ${unknown}; known: ${names.join(", ")}`;
  return { options, figures: all.filter(({ name }) => options.only?.includes(name) ?? true) };
}

async function measure(
  figures: readonly Figure[],
  options: BenchOptions,
): Promise<{ readonly rows: readonly Row[]; readonly failures: readonly Failed[] }> {
  using ground = new Ground();
  const bench: Bench = { ground, sizes: options.sizes === "short" ? SHORT_SIZES : DEFAULT_SIZES };
  const rows: Row[] = [];
  const failures: Failed[] = [];
  for (const figure of figures) {
    const startedAt = performance.now();
    try {
      rows.push(...await figure.run(bench));
    } catch (error) {
      failures.push({ figure: figure.name, reason: errorMessage(error) });
    }
    // On stderr, so that who waits sees that it goes on.
    console.error(`… ${figure.name}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  }
  return { rows, failures };
}

function withMark(row: Row): Row & { readonly over: boolean } {
  return { ...row, over: isOver(row) };
}

if (import.meta.main) Deno.exit(await main(Deno.args));
