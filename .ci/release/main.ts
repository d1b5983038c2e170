/**
 * `main.ts FOLDER OWNER/NAME`: beside the files of a release and their SHA256SUMS writes the Homebrew cask and formula and
 * the list of packages (CycloneDX). For the release workflow.
 */
import manifest from "../../deno.json" with { type: "json" };
import { cask, formula, readSums } from "./homebrew.ts";
import { readLock, sbom } from "./sbom.ts";

const [folder, repository] = Deno.args;
if (folder === undefined || !/^[\w.-]+\/[\w.-]+$/.test(repository ?? "") || repository === undefined) {
  console.error("Usage: main.ts FOLDER OWNER/NAME");
  Deno.exit(2);
}
const { version } = manifest;
const locks = ["deno.lock", "src/dashboard/page/deno.lock"].map((path) =>
  readLock(Deno.readTextFileSync(new URL(`../../${path}`, import.meta.url)))
);
const release = { version, repository, sums: readSums(Deno.readTextFileSync(`${folder}/SHA256SUMS`)) };
Deno.writeTextFileSync(`${folder}/homebrew-cask.rb`, cask(release));
Deno.writeTextFileSync(`${folder}/homebrew-formula.rb`, formula(release));
const bom = sbom(version, Deno.version.deno, locks);
Deno.writeTextFileSync(`${folder}/sbom.cdx.json`, `${JSON.stringify(bom, null, 2)}\n`);
