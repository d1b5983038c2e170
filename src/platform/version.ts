import manifest from "../../deno.json" with { type: "json" };
import build from "./build.json" with { type: "json" };

/** The program's version, from deno.json: the one place where it stands. */
export const VERSION: string = manifest.version;

/**
 * The commit that a compiled program was built from, "-dirty" behind it when files had been changed; null from source.
 *
 * A compile maps build.json to one that it has just written (`.ci/build.ts`): so it changes no file of the project,
 * and no environment variable can claim another commit.
 */
const COMMIT: string | null = build.commit;

/** For people: `0.1.0 (4f1c2d3e5a6b)`, or the version alone. */
export const VERSION_TEXT: string = COMMIT === null ? VERSION : `${VERSION} (${COMMIT})`;
