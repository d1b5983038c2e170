/** Lays the app's folder around a binary; works on every system. Signing is left to .github/release/sign.sh. */
import { APP_NAME, EXECUTABLE, ICON, infoPlistText } from "./info_plist.ts";

const ICNS = new URL(`${ICON}.icns`, import.meta.url);

export interface BundleOptions {
  /** The compiled program, which is copied as it is. */
  readonly binary: string;
  /** Where the app is put; one that is there already is replaced. */
  readonly folder: string;
  /** Three numbers. */
  readonly version: string;
}

/** Gives the app's path. Throws RangeError for a version that can't be one, Deno's errors for files. */
export function makeApp({ binary, folder, version }: BundleOptions): string {
  const info = infoPlistText(version);
  if (!Deno.statSync(binary).isFile) throw new RangeError(`Cannot make an app of ${binary}: it is no file`);
  const app = `${folder}/${APP_NAME}.app`;
  const contents = `${app}/Contents`;
  try {
    Deno.removeSync(app, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  for (const name of ["MacOS", "Resources"]) Deno.mkdirSync(`${contents}/${name}`, { recursive: true });
  Deno.writeTextFileSync(`${contents}/Info.plist`, info);
  Deno.writeTextFileSync(`${contents}/PkgInfo`, "APPL????");
  Deno.copyFileSync(ICNS, `${contents}/Resources/${ICON}.icns`);
  Deno.copyFileSync(binary, `${contents}/MacOS/${EXECUTABLE}`);
  Deno.chmodSync(`${contents}/MacOS/${EXECUTABLE}`, 0o755);
  return app;
}
