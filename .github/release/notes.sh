#!/usr/bin/env bash
# notes.sh VERSION: the words above GitHub's own list of changes.
set -euo pipefail
version=$1
if [ -n "${MACOS_SIGN_IDENTITY:-}" ]; then
  signed='Signed with a Developer ID: an update keeps the Full Disk Access that you granted.'
else
  signed='**Signed ad hoc**: macOS ties Full Disk Access to this very build, so grant it again after each update, and
allow the program once under System Settings › Privacy & Security.'
fi
cat <<NOTES
| Mac | zip | installer |
| --- | --- | --- |
| Apple silicon | \`chatstats-live-sync-$version-macos-arm64.zip\` | \`….pkg\` |
| Intel | \`chatstats-live-sync-$version-macos-x64.zip\` | \`….pkg\` |

The installer puts \`chatstats-live-sync\` into \`/usr/local/bin\`. Check a download with \`shasum -a 256 -c SHA256SUMS --ignore-missing\`.

$signed
NOTES
