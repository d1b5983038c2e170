/** `ChatStats Live-Sync.app`, made around a file that is no program: nothing here needs a Mac. */
import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import { makeApp } from "../../.ci/app/bundle.ts";
import { infoPlistText } from "../../.ci/app/info_plist.ts";
import manifest from "../../deno.json" with { type: "json" };
import { decodePlist } from "../../src/apple_formats/plist.ts";
import { AGENT_LABEL } from "../../src/launchd/places.ts";
import { appAround, BUNDLE_ID, isTranslocated } from "../../src/platform/app_bundle.ts";

const ROOT = new URL("../../", import.meta.url);

function filesBelow(folder: string, below = ""): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesBelow(`${folder}/${name}`, `${below}${name}/`) : [below + name]
  ).toSorted();
}

function readPlist(path: string) {
  const decoded = decodePlist(Deno.readFileSync(path));
  ok(decoded.ok && decoded.value instanceof Map);
  return decoded.value;
}

Deno.test("Info.plist says who the app is, that it has no window, what it needs and why, when it is read back", () => {
  const folder = Deno.makeTempDirSync();
  Deno.writeTextFileSync(`${folder}/Info.plist`, infoPlistText("1.20.3"));
  const info = readPlist(`${folder}/Info.plist`);
  Deno.removeSync(folder, { recursive: true });
  const told = [
    ...["CFBundleIdentifier", "CFBundleShortVersionString", "CFBundleVersion", "CFBundlePackageType"],
    ...["CFBundleName", "CFBundleExecutable", "CFBundleIconFile", "LSUIElement", "LSMinimumSystemVersion"],
  ].map((key) => info.get(key));
  deepEqual(told, [
    ...["com.chatstats.live-sync", "1.20.3", "1.20.3", "APPL"],
    ...["ChatStats Live-Sync", "chatstats-live-sync", "AppIcon", true, "12.0"],
  ]);
  match(String(info.get("NSContactsUsageDescription")), /stay on this Mac/);
  // A grant hangs on the identifier: whatever names it must name the same.
  equal(BUNDLE_ID, AGENT_LABEL);
  match(Deno.readTextFileSync(new URL(".github/release/sign.sh", ROOT)), new RegExp(BUNDLE_ID));
});

Deno.test("infoPlistText() refuses a version when macOS would not read it as one", () => {
  for (const version of ["1.2", "1.2.3-beta.1", "v1.2.3", ""]) {
    throws(() => infoPlistText(version), RangeError);
  }
});

Deno.test("app:macos lays the app around the very binary, which may be run, and replaces one of before", async () => {
  const folder = Deno.makeTempDirSync();
  const binary = `${folder}/chatstats-live-sync`;
  Deno.writeFileSync(binary, new Uint8Array([1, 2, 3]), { mode: 0o600 });
  const old = makeApp({ binary, folder, version: "0.0.1" });
  Deno.writeTextFileSync(`${old}/Contents/MacOS/left-over`, "");
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "app:macos", "--", "--binary", binary],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  equal(code, 0, new TextDecoder().decode(stderr));
  const app = new TextDecoder().decode(stdout).trim();
  equal(app, old);
  deepEqual(filesBelow(app), [
    "Contents/Info.plist",
    "Contents/MacOS/chatstats-live-sync",
    "Contents/PkgInfo",
    "Contents/Resources/AppIcon.icns",
  ]);
  const inside = `${app}/Contents/MacOS/chatstats-live-sync`;
  deepEqual([...Deno.readFileSync(inside)], [1, 2, 3]);
  equal((Deno.statSync(inside).mode ?? 0) & 0o777, 0o755);
  equal(readPlist(`${app}/Contents/Info.plist`).get("CFBundleVersion"), manifest.version);
  deepEqual(appAround(inside), { path: app, name: "ChatStats Live-Sync" });
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("app:macos says in one line what is missing when there is no binary", async () => {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "app:macos", "--binary", "/nowhere/chatstats-live-sync"],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  equal(code, 1);
  match(
    new TextDecoder().decode(stderr),
    /^Cannot make the app as \/nowhere\/chatstats-live-sync is not there: .*\n$/,
  );
});

Deno.test("appAround() knows an app's main program from a bare binary, and isTranslocated() a passing place", () => {
  equal(
    appAround("/Applications/ChatStats Live-Sync.app/Contents/MacOS/x")?.path,
    "/Applications/ChatStats Live-Sync.app",
  );
  for (
    const bare of [
      "/usr/local/bin/chatstats-live-sync",
      "/Applications/A.app/Contents/Resources/x",
      "/Applications/A.app/Contents/MacOS/bin/x",
      "A.app/Contents/MacOS/x",
    ]
  ) equal(appAround(bare), null, bare);
  ok(
    isTranslocated(
      "/private/var/folders/ab/c/T/AppTranslocation/1-2/d/ChatStats Live-Sync.app/Contents/MacOS/x",
    ),
  );
  ok(!isTranslocated("/Applications/ChatStats Live-Sync.app/Contents/MacOS/x"));
});
