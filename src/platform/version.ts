import manifest from "../../deno.json" with { type: "json" };

/** The program's version, from deno.json: the one place where it stands. */
export const VERSION: string = manifest.version;
