/** `Info.plist` of the app: what macOS knows of it before it runs. Pure. */
import { type WritableDict, xmlPlist } from "../../src/apple_formats/plist_writer.ts";
import { BUNDLE_ID } from "../../src/platform/app_bundle.ts";

export const APP_NAME = "ChatStats Live-Sync";
export const EXECUTABLE = "chatstats-live-sync";
export const ICON = "AppIcon";

/** What Deno 2.9.6's own binary for Apple silicon asks for (LC_BUILD_VERSION of npm's @deno/darwin-arm64). */
const LEAST_MACOS = "12.0";

/**
 * Keys as Apple's Information Property List has them. `LSUIElement`: no icon in the Dock, since there is no window.
 * No key tells of Full Disk Access; Contacts have one, for a system that asks for them alone.
 */
function infoPlist(version: string): WritableDict {
  return {
    CFBundleDevelopmentRegion: "en",
    CFBundleDisplayName: APP_NAME,
    CFBundleExecutable: EXECUTABLE,
    CFBundleIconFile: ICON,
    CFBundleIdentifier: BUNDLE_ID,
    CFBundleInfoDictionaryVersion: "6.0",
    CFBundleName: APP_NAME,
    CFBundlePackageType: "APPL",
    CFBundleShortVersionString: version,
    CFBundleSupportedPlatforms: ["MacOSX"],
    CFBundleVersion: version,
    LSApplicationCategoryType: "public.app-category.utilities",
    LSMinimumSystemVersion: LEAST_MACOS,
    LSUIElement: true,
    NSContactsUsageDescription:
      "Names from Contacts stand beside the numbers and addresses of your messages. " +
      "They stay on this Mac.",
    NSHumanReadableCopyright: "MIT licence",
  };
}

/** The whole file. Throws RangeError for a version that is not of the form 1.2.3, which is all that macOS takes. */
export function infoPlistText(version: string): string {
  if (!/^\d+\.\d+\.\d+$/.test(version)) {
    throw new RangeError(`Cannot make an app of version ${version}: it has to be three numbers`);
  }
  return xmlPlist(infoPlist(version));
}
