/**
 * Draws AppIcon.icns from AppIcon.svg, to be run after the picture was changed: `deno run -A .ci/app/make_icon.ts`. It
 * needs Chromium and nothing that macOS alone has; CHROMIUM names another one than `chromium`. Both files are committed,
 * so that a build needs no browser; tests/build/icon_test.ts tells when one was changed without the other.
 */
import { createHash } from "node:crypto";
import { ICNS_KINDS, icnsFile } from "./icns.ts";
import { withNote } from "./png.ts";

const SVG = new URL("AppIcon.svg", import.meta.url);
const ICNS = new URL("AppIcon.icns", import.meta.url);

/** The picture as Chromium draws it on nothing. */
async function drawn(svg: string, pixels: number, folder: string): Promise<Uint8Array> {
  const [page, shot] = [`${folder}/page.html`, `${folder}/${pixels}.png`];
  const sized = svg.replace("<svg ", `<svg width="${pixels}" height="${pixels}" `);
  Deno.writeTextFileSync(page, `<!doctype html><style>*{margin:0}svg{display:block}</style>${sized}`);
  const { success, stderr } = await new Deno.Command(Deno.env.get("CHROMIUM") ?? "chromium", {
    args: [
      ...[
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        "--force-device-scale-factor=1",
      ],
      ...["--default-background-color=00000000", `--window-size=${pixels},${pixels}`, `--screenshot=${shot}`],
      `file://${page}`,
    ],
  }).output();
  if (!success) throw new Error(`Cannot draw as Chromium failed: ${new TextDecoder().decode(stderr)}`);
  return Deno.readFileSync(shot);
}

async function make(): Promise<void> {
  const svg = Deno.readTextFileSync(SVG);
  const note = createHash("sha256").update(svg).digest("hex");
  const folder = Deno.makeTempDirSync();
  try {
    const pictures = new Map<number, Uint8Array>();
    for (const pixels of new Set(ICNS_KINDS.map((kind) => kind.pixels))) {
      pictures.set(pixels, withNote(await drawn(svg, pixels, folder), `SVG ${note}`));
    }
    Deno.writeFileSync(ICNS, icnsFile((pixels) => pictures.get(pixels) ?? new Uint8Array()));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

await make();
