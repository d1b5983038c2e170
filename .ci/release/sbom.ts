/** A list of what the program contains besides our own code, as CycloneDX 1.6 has it (cyclonedx.org). Pure. */

/** The checksum of each package by its name in deno.lock: `commander@15.1.0`. */
export type Lock = ReadonlyMap<string, string>;

/** Of a deno.lock. Throws RangeError for what is none. */
export function readLock(text: string): Lock {
  const root: unknown = JSON.parse(text);
  const npm = isRecord(root) ? root["npm"] : undefined;
  if (!isRecord(npm)) throw new RangeError("Cannot read a lock file without npm packages");
  return new Map(
    Object.entries(npm).map(([name, entry]) => {
      const integrity = isRecord(entry) ? entry["integrity"] : undefined;
      if (typeof integrity !== "string") throw new RangeError(`Cannot read ${name} of a lock file`);
      return [name, integrity];
    }),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

interface Component {
  readonly type: "library" | "platform";
  readonly "bom-ref": string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes?: readonly { readonly alg: "SHA-512"; readonly content: string }[];
}

export interface Bom {
  readonly bomFormat: "CycloneDX";
  readonly specVersion: "1.6";
  readonly version: 1;
  readonly metadata: {
    readonly component: { readonly type: "application"; readonly name: string; readonly version: string };
  };
  readonly components: readonly Component[];
}

/**
 * `locks`: deno.lock of the program and of the page, which is embedded as one script. `deno`: the version of the runtime,
 * which brings SQLite and V8 along. Throws RangeError for a lock that it does not understand.
 */
export function sbom(version: string, deno: string, locks: readonly Lock[]): Bom {
  const packages = new Map(
    locks.flatMap((lock) => [...lock]).map(([key, integrity]) => {
      const component = npmComponent(key, integrity);
      return [component.purl, component];
    }),
  );
  const purl = `pkg:github/denoland/deno@v${deno}`;
  const runtime: Component = { type: "platform", "bom-ref": purl, name: "deno", version: deno, purl };
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: { component: { type: "application", name: "chatstats-live-sync", version } },
    components: [runtime, ...[...packages.values()].toSorted((a, b) => a.purl < b.purl ? -1 : 1)],
  };
}

/** `@preact/signals@2.11.4_preact@11.2.0`: behind the underscore stands what it was resolved with. */
function npmComponent(key: string, integrity: string): Component {
  const [, name, version] = /^((?:@[^/@]+\/)?[^@]+)@([^_]+)/.exec(key) ?? [];
  const [, base64] = /^sha512-([\w+/]+=*)$/.exec(integrity) ?? [];
  if (name === undefined || version === undefined || base64 === undefined) {
    throw new RangeError(`Cannot read ${key} of a lock file`);
  }
  const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
  return {
    type: "library",
    "bom-ref": purl,
    name,
    version,
    purl,
    hashes: [{ alg: "SHA-512", content: Uint8Array.fromBase64(base64).toHex() }],
  };
}
