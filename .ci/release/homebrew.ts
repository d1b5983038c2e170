/** A Homebrew cask for the app and a formula for the program alone, as a tap would have them. Pure. */

export type Arch = "arm64" | "x64";

export interface Release {
  readonly version: string;
  /** `owner/name` on GitHub. */
  readonly repository: string;
  /** SHA-256 in hexadecimal by file name. */
  readonly sums: ReadonlyMap<string, string>;
}

const NAME = "chatstats-live-sync";
const DESCRIPTION = "Keeps a SQLite database true to Messages, live";

/** `SHA256SUMS` as shasum writes it: 64 digits, two characters, the name. Throws RangeError for another line. */
export function readSums(text: string): Map<string, string> {
  const lines = text.split("\n").filter((line) => line !== "");
  return new Map(lines.map((line) => {
    const [, sum, name] = /^([0-9a-f]{64}) [ *](?:\.\/)?([\w.-]+)$/.exec(line) ?? [];
    if (sum === undefined || name === undefined) throw new RangeError(`Cannot read a checksum from: ${line}`);
    return [name, sum];
  }));
}

/** `Casks/chatstats-live-sync.rb`. Throws RangeError where there is no app for Apple silicon. */
export function cask(release: Release): string {
  const { arm, intel } = both(release, (arch) => `ChatStats-Live-Sync-${release.version}-${arch}.zip`);
  const app = "ChatStats Live-Sync.app";
  return `cask "${NAME}" do
  arch arm: "arm64"${intel === null ? "" : ', intel: "x64"'}

  version "${release.version}"
  sha256 ${intel === null ? `"${arm}"` : `arm:   "${arm}",\n         intel: "${intel}"`}

  url "${download(release)}/ChatStats-Live-Sync-#{version}-#{arch}.zip"
  name "ChatStats Live-Sync"
  desc "${DESCRIPTION}"
  homepage "${homepage(release)}"
${intel === null ? "\n  depends_on arch: :arm64" : ""}
  depends_on macos: :monterey

  app "${app}"
  binary "#{appdir}/${app}/Contents/MacOS/${NAME}"

  uninstall launchctl: "com.chatstats.live-sync"

  zap trash: [
    "~/Library/Application Support/ChatStats",
    "~/Library/LaunchAgents/com.chatstats.live-sync.plist",
    "~/Library/Logs/ChatStats",
  ]

  caveats <<~EOS
    It reads Messages only with Full Disk Access: switch ChatStats Live-Sync on in
    System Settings › Privacy & Security › Full Disk Access.
  EOS
end
`;
}

/** `Formula/chatstats-live-sync.rb`. Throws RangeError where there is no program for Apple silicon. */
export function formula(release: Release): string {
  const file = (arch: string) => `${NAME}-${release.version}-macos-${arch}.zip`;
  const { arm, intel } = both(release, file);
  const from = (arch: Arch, sum: string, indent: string) =>
    [`url "${download(release).replaceAll("#{version}", release.version)}/${file(arch)}"`, `sha256 "${sum}"`]
      .map((line) => indent + line).join("\n");
  const sources = intel === null
    ? `${from("arm64", arm, "  ")}
  license "MIT"

  depends_on arch: :arm64
  depends_on macos: :monterey
`
    : `  version "${release.version}"
  license "MIT"

  depends_on macos: :monterey

  on_arm do
${from("arm64", arm, "    ")}
  end
  on_intel do
${from("x64", intel, "    ")}
  end
`;
  return `class ChatstatsLiveSync < Formula
  desc "${DESCRIPTION}"
  homepage "${homepage(release)}"
${sources}
  def install
    bin.install "${NAME}"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/${NAME} --version")
  end
end
`;
}

function both({ sums }: Release, file: (arch: Arch) => string): { arm: string; intel: string | null } {
  const arm = sums.get(file("arm64"));
  if (arm === undefined) {
    throw new RangeError(`Cannot write for Homebrew as ${file("arm64")} has no checksum`);
  }
  return { arm, intel: sums.get(file("x64")) ?? null };
}

function homepage({ repository }: Release): string {
  return `https://github.com/${repository}`;
}

/** `#{version}` is Ruby's. */
function download(release: Release): string {
  return `${homepage(release)}/releases/download/v#{version}`;
}
