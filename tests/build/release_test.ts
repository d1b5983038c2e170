/**
 * The scripts of the release workflow, with stand-ins for what only macOS has: in which order they sign, ask the notary,
 * staple and pack. Whether Apple's tools then do as their manuals say shows on the runner alone.
 */
import { deepEqual, equal, match, ok, rejects, throws } from "node:assert/strict";
import { cask, formula, readSums } from "../../.ci/release/homebrew.ts";
import { readLock, sbom } from "../../.ci/release/sbom.ts";
import manifest from "../../deno.json" with { type: "json" };

const ROOT = new URL("../../", import.meta.url);
const APP = "ChatStats Live-Sync.app";
const NOTARY = { NOTARY_KEY_P8: btoa("key"), NOTARY_KEY_ID: "id", NOTARY_ISSUER: "issuer" };

/** Each tells what it was asked, one line each; a ticket is a file within the app, and stays when the app is copied. */
const STAND_INS: Readonly<Record<string, string>> = {
  codesign: `case $1 in --force) echo "sign $(basename "\${@: -1}")" ;; esac`,
  ditto: `if [ "$1" = -c ]; then
    ticket=; [ ! -e "$4/ticket" ] || ticket=" with its ticket"
    echo "zip $(basename "$4") as $(basename "$5")$ticket"; : >"$5"
  else cp -R "$1" "$2"; fi`,
  hdiutil: `[ -e "$LOG.busy" ] || { : >"$LOG.busy"; echo "image busy"; exit 1; }
    ticket=; [ ! -e "$5/${APP}/ticket" ] || ticket=" with its ticket"
    echo "image $(ls "$5" | tr '\\n' ' ')$ticket"; : >"\${@: -1}"`,
  spctl: `echo "assess $(basename "\${@: -1}")"`,
  sleep: ":",
  xcrun: `case "$1 $2" in
    "notarytool submit") grep -q key "\${10}" || exit 9
      echo "notary $(basename "$3")"; printf '{"id":"7","status":"%s"}' "\${STATUS:-Accepted}" >&3 ;;
    "notarytool log") echo "notary log $3" ;;
    "stapler staple") [ -e "$LOG.late" ] || { : >"$LOG.late"; echo "no ticket yet"; exit 65; }
      echo "staple $(basename "$3")"; [ ! -d "$3" ] || : >"$3/ticket" ;;
  esac`,
};

/** A checkout's folder with what was built in it, and the tools. */
class Fixture implements Disposable {
  readonly folder = Deno.makeTempDirSync();
  readonly #log = `${this.folder}/log`;
  constructor() {
    Deno.mkdirSync(`${this.folder}/dist/arm64/${APP}/Contents/MacOS`, { recursive: true });
    Deno.mkdirSync(`${this.folder}/tools`);
    Deno.writeTextFileSync(`${this.folder}/dist/arm64/chatstats-live-sync`, "program");
    Deno.writeTextFileSync(`${this.folder}/LICENSE`, "MIT");
    for (const [name, body] of Object.entries(STAND_INS)) {
      const text = `#!/usr/bin/env bash\nset -eu\nexec 3>&1 >>"$LOG"\n${body}\n`;
      Deno.writeTextFileSync(`${this.folder}/tools/${name}`, text, { mode: 0o755 });
    }
  }
  async run(script: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const path = `${this.folder}/tools:${Deno.env.get("PATH") ?? ""}`;
    const { code, stdout, stderr } = await new Deno.Command("bash", {
      args: [new URL(`.github/release/${script}`, ROOT).pathname, ...args],
      cwd: this.folder,
      env: { PATH: path, LOG: this.#log, ...env },
    }).output();
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  }
  get deeds(): string[] {
    return Deno.readTextFileSync(this.#log).split("\n").filter((line) => line !== "");
  }
  get released(): string[] {
    return [...Deno.readDirSync(`${this.folder}/dist/release`)].map(({ name }) => name).toSorted();
  }
  [Symbol.dispose](): void {
    Deno.removeSync(this.folder, { recursive: true });
  }
}

const FILES = [
  "ChatStats-Live-Sync-1.2.3-arm64.dmg",
  "ChatStats-Live-Sync-1.2.3-arm64.zip",
  "chatstats-live-sync-1.2.3-macos-arm64.zip",
];

Deno.test("package.sh asks the notary before it staples, and packs the app with its ticket, when there are secrets", async () => {
  using fixture = new Fixture();
  const { code, stderr } = await fixture.run("package.sh", ["arm64", "1.2.3"], NOTARY);
  equal(code, 0, stderr);
  deepEqual(fixture.released, FILES);
  const [image = "", zip = "", program = ""] = FILES;
  deepEqual(fixture.deeds, [
    `zip ${program.replace(".zip", "")} as ${program}`,
    `notary ${program}`,
    `zip ${APP} as notary.zip`,
    "notary notary.zip",
    "no ticket yet",
    `staple ${APP}`,
    `zip ${APP} as ${zip} with its ticket`,
    "image busy",
    `image Applications ${APP} LICENSE  with its ticket`,
    `sign ${image}`,
    `notary ${image}`,
    `staple ${image}`,
    `assess ${APP}`,
    `assess ${image}`,
  ]);
});

Deno.test("package.sh packs without the notary when there are no secrets", async () => {
  using fixture = new Fixture();
  const { code, stderr } = await fixture.run("package.sh", ["arm64", "1.2.3"]);
  equal(code, 0, stderr);
  deepEqual(fixture.released, FILES);
  deepEqual(fixture.deeds.filter((deed) => /^(notary|staple|assess) /.test(deed)), []);
});

Deno.test("package.sh fails with the notary's own log when it refuses, and packs nothing more", async () => {
  using fixture = new Fixture();
  const { code, stderr } = await fixture.run("package.sh", ["arm64", "1.2.3"], {
    ...NOTARY,
    STATUS: "Invalid",
  });
  equal(code, 1);
  match(stderr, /The notary says "Invalid" of .*macos-arm64\.zip/);
  equal(fixture.deeds.at(-1), "notary log 7");
});

Deno.test("sign.sh gives runtime and entitlements to what runs, and to a disk image neither", () => {
  const text = Deno.readTextFileSync(new URL(".github/release/sign.sh", ROOT));
  match(text, /\*\.dmg\) codesign --force "\$timestamp" --sign "\$identity" "\$file"/);
  match(text, /--options runtime .*\n.*--entitlements/);
  ok(!/^[^#]*--deep/m.test(text), "nested programs would get the same entitlements");
});

const SUMS = ["a", "b", "c", "d"].map((digit) => digit.repeat(64));
const release = (names: readonly string[]) => ({
  version: "1.2.3",
  repository: "someone/live-sync",
  sums: readSums(names.map((name, index) => `${SUMS[index]}  ${name}\n`).join("")),
});
const ARM = ["ChatStats-Live-Sync-1.2.3-arm64.zip", "chatstats-live-sync-1.2.3-macos-arm64.zip"];
const BOTH = [...ARM, ...ARM.map((name) => name.replace("arm64", "x64"))];

/** As many ends as beginnings; Ruby itself reads it where there is one. */
async function readAsRuby(text: string): Promise<void> {
  const begun = text.match(/^ *(?:class|def)\b|\bdo$/gm)?.length;
  equal(text.match(/^ *end$/gm)?.length, begun, text);
  const file = Deno.makeTempFileSync({ suffix: ".rb" });
  Deno.writeTextFileSync(file, text);
  try {
    const { code, stderr } = await new Deno.Command("ruby", { args: ["-c", file] }).output();
    equal(code, 0, new TextDecoder().decode(stderr));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  } finally {
    Deno.removeSync(file);
  }
}

Deno.test("cask() names the app, its command, its agent and each Mac's checksum", async () => {
  const both = cask(release(BOTH));
  await readAsRuby(both);
  match(
    both,
    /^cask "chatstats-live-sync" do\n {2}arch arm: "arm64", intel: "x64"\n\n {2}version "1\.2\.3"\n/,
  );
  match(both, new RegExp(`sha256 arm: {3}"${SUMS[0]}",\n {9}intel: "${SUMS[2]}"\n`));
  match(
    both,
    /url "https:\/\/github\.com\/someone\/live-sync\/releases\/download\/v#\{version\}\/ChatStats-Live-Sync-#\{version\}-#\{arch\}\.zip"/,
  );
  match(
    both,
    /app "ChatStats Live-Sync\.app"\n {2}binary "#\{appdir\}\/ChatStats Live-Sync\.app\/Contents\/MacOS/,
  );
  match(both, /uninstall launchctl: "com\.chatstats\.live-sync"/);
  const arm = cask(release(ARM));
  await readAsRuby(arm);
  match(arm, new RegExp(`arch arm: "arm64"\n[^]*sha256 "${SUMS[0]}"\n[^]*depends_on arch: :arm64\n`));
  ok(!arm.includes("intel"));
});

Deno.test("formula() installs the program alone, for each Mac that there is one for", async () => {
  const both = formula(release(BOTH));
  await readAsRuby(both);
  const source = (arch: string, sum = "") =>
    `url "https://github.com/someone/live-sync/releases/download/v1.2.3/chatstats-live-sync-1.2.3-macos-${arch}.zip"\n` +
    `    sha256 "${sum}"\n`;
  ok(both.includes(`  on_arm do\n    ${source("arm64", SUMS[1])}  end\n`), both);
  ok(both.includes(`  on_intel do\n    ${source("x64", SUMS[3])}  end\n`), both);
  const arm = formula(release(ARM));
  await readAsRuby(arm);
  ok(!arm.includes("on_intel") && arm.includes("depends_on arch: :arm64"), arm);
});

Deno.test("cask() and formula() refuse a release when Apple silicon is missing, and readSums() what is no checksum", () => {
  throws(() => cask(release([])), /ChatStats-Live-Sync-1\.2\.3-arm64\.zip has no checksum/);
  throws(() => formula(release([])), RangeError);
  for (const bad of ["abc  file.zip", `${SUMS[0]}  a"b.zip`, `${SUMS[0]}`]) {
    throws(() => readSums(bad), RangeError);
  }
});

Deno.test("sbom() has the runtime and each package of the lock files, with its checksum", () => {
  const programLock = readLock(Deno.readTextFileSync(new URL("deno.lock", ROOT)));
  const page = new Map([["@preact/signals@2.11.4_preact@11.2.0", `sha512-${btoa("xyz")}`]]);
  const { components, metadata } = sbom("1.2.3", "2.9.6", [programLock, page]);
  equal(metadata.component.version, "1.2.3");
  const purls = components.map(({ purl }) => purl);
  equal(purls.length, programLock.size + 2);
  equal(new Set(purls).size, purls.length);
  equal(purls[0], "pkg:github/denoland/deno@v2.9.6");
  for (const target of Object.values(manifest.imports).filter((each) => each.startsWith("npm:"))) {
    const [, name = "", version = ""] = /^npm:(@?[^@]+)@([^/]+)/.exec(target) ?? [];
    ok(purls.includes(`pkg:npm/${name.replace("@", "%40")}@${version}`), target);
  }
  deepEqual(components.find(({ name }) => name === "@preact/signals"), {
    ...{
      type: "library",
      "bom-ref": "pkg:npm/%40preact/signals@2.11.4",
      name: "@preact/signals",
      version: "2.11.4",
    },
    purl: "pkg:npm/%40preact/signals@2.11.4",
    hashes: [{ alg: "SHA-512", content: "78797a" }],
  });
  for (const bad of ["{}", "[]", '{"npm":{"a@1":{}}}']) throws(() => readLock(bad), RangeError);
  throws(() => sbom("1", "2", [new Map([["odd", ""]])]), RangeError);
});

Deno.test("the release workflow's step writes cask, formula and list of packages beside the files", async () => {
  const folder = Deno.makeTempDirSync();
  const names = BOTH.map((name) => name.replace("1.2.3", manifest.version));
  Deno.writeTextFileSync(
    `${folder}/SHA256SUMS`,
    names.map((name, index) => `${SUMS[index]}  ${name}\n`).join(""),
  );
  const run = (...args: string[]) =>
    new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-prompt", ".ci/release/main.ts", ...args],
      cwd: ROOT,
    })
      .output();
  equal((await run(folder)).code, 2);
  const { code, stderr } = await run(folder, "someone/live-sync");
  equal(code, 0, new TextDecoder().decode(stderr));
  equal(JSON.parse(Deno.readTextFileSync(`${folder}/sbom.cdx.json`)).bomFormat, "CycloneDX");
  match(Deno.readTextFileSync(`${folder}/homebrew-cask.rb`), new RegExp(`version "${manifest.version}"`));
  match(Deno.readTextFileSync(`${folder}/homebrew-formula.rb`), /^class ChatstatsLiveSync < Formula\n/);
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("the workflows name scripts that are there, and the secrets that RELEASING.md tells of", async () => {
  const read = (path: string) => Deno.readTextFileSync(new URL(path, ROOT));
  const workflows = read(".github/workflows/release.yml") + read(".github/workflows/ci.yml");
  const scripts = new Set(workflows.match(/\.github\/release\/\w+\.sh/g));
  ok(scripts.size >= 5);
  for (const script of scripts) {
    const { code } = await new Deno.Command("bash", { args: ["-n", new URL(script, ROOT).pathname] })
      .output();
    equal(code, 0, script);
    ok(((Deno.statSync(new URL(script, ROOT)).mode ?? 0) & 0o100) !== 0, `${script} can't be run`);
  }
  const secrets = (text: string, pattern: RegExp) => [...new Set(text.match(pattern))].toSorted();
  const used = secrets(workflows, /(?<=secrets\.)\w+/g);
  deepEqual(secrets(read(".github/RELEASING.md"), /\b(?:MACOS|NOTARY)_\w+/g), used);
  await rejects(Deno.stat(new URL(".github/release/nothing.sh", ROOT)));
});
