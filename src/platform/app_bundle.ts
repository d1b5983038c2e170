/**
 * The app around our binary, where there is one: `ChatStats Live-Sync.app`, made by `.ci/app/`. Pure.
 *
 * Not run on a Mac yet.
 */

/** Of the bundle, of the signature and of the launchd agent: a grant of Full Disk Access hangs on it. */
export const BUNDLE_ID = "com.chatstats.live-sync";

/** An app that a program lies in. */
export interface AppBundle {
  /** `/Applications/ChatStats Live-Sync.app`. */
  readonly path: string;
  /** As Finder and System Settings show it: `ChatStats Live-Sync`. */
  readonly name: string;
}

/** The app whose main program is at this path; null for a bare binary. */
export function appAround(executable: string): AppBundle | null {
  const [, path, name] = /^(\/(?:.*\/)?([^/]+)\.app)\/Contents\/MacOS\/[^/]+$/.exec(executable) ?? [];
  return path === undefined || name === undefined ? null : { path, name };
}

/**
 * Whether macOS runs it from a copy that is gone after the next start: an app that was downloaded and never moved
 * (openclaw/openclaw#150102). Nothing that lasts can be tied to such a path.
 */
export function isTranslocated(executable: string): boolean {
  return executable.includes("/AppTranslocation/");
}
