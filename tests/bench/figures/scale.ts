/** `--full`: does it stay the same with very many messages? The bounds are ratios, so the machine falls out. */
import { type Figure, thousands } from "../bench.ts";
import type { Row } from "../report.ts";
import { FULL_SIZES } from "../sizes.ts";
import { type ImportMeasured, importRows, measureImport } from "./import.ts";
import { measurePasses, passRows } from "./pass.ts";

export const scaleImportFigure: Figure = {
  name: "scale-import",
  async run({ ground }) {
    const { messages, comparedWith } = FULL_SIZES;
    const small = await measureImport(ground, comparedWith);
    const large = await measureImport(ground, messages);
    const ratio = (time: (run: ImportMeasured) => number) =>
      time(large) / messages / (time(small) / comparedWith);
    const imports = ratio((run) => run.importMs);
    const bare = ratio((run) => run.bareMs);
    return [
      ...importRows(messages, [large], 260),
      {
        figure: `a message's import, ${thousands(messages)} against ${thousands(comparedWith)}`,
        measured: imports / bare,
        unit: "×",
        bound: 1.3,
        note: `${imports.toFixed(2)} × the time a message, divided by the bare statement's ${
          bare.toFixed(2)
        } ×`,
      },
    ];
  },
};

export const scalePassFigure: Figure = {
  name: "scale-pass",
  async run({ ground }) {
    const { passMessages, passComparedWith, passes } = FULL_SIZES;
    const [small, large] = await measurePasses(ground, [passComparedWith, passMessages], passes);
    if (small === undefined || large === undefined) throw new Error("Two sizes give two measurements");
    const row = (what: string, measured: number): Row => ({
      figure: `pass, ${thousands(passMessages)} against ${thousands(passComparedWith)}: ${what}`,
      measured,
      unit: "×",
      bound: 1.5,
    });
    return [
      ...passRows(passComparedWith, small),
      ...passRows(passMessages, large),
      row("one message, quick", large.quick / small.quick),
      row("one message, looking back", large.thorough / small.thorough),
    ];
  },
};
