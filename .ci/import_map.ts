/** The import map of a build: that of a deno.json, and some files of the project in the place of others. */

interface Manifest {
  readonly imports: Readonly<Record<string, string>>;
}

/** The FFI build's driver. */
export const FFI_INSTEAD = { "./src/sqlite/sqlite_node.ts": "./src/sqlite/sqlite_ffi.ts" } as const;

/**
 * `way` leads from the map's folder to the project ("../../"), as both sides of a map count from where it lies;
 * `instead` counts from the project, or has names of that deno.json.
 */
export function importMap(
  manifest: Manifest,
  way: string,
  instead: Readonly<Record<string, string>>,
): string {
  const fromMap = (target: string) => target.startsWith("./") ? way + target.slice(2) : target;
  const imports = Object.entries({ ...manifest.imports, ...instead });
  return `${
    JSON.stringify(
      { imports: Object.fromEntries(imports.map(([name, target]) => [fromMap(name), fromMap(target)])) },
      null,
      2,
    )
  }\n`;
}
