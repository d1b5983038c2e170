#!/usr/bin/env bash
# notes.sh VERSION FOLDER: the words above GitHub's own list of changes, for the files that are in the folder.
set -euo pipefail
version=$1
folder=$2
if [ -n "${MACOS_SIGN_IDENTITY:-}" ]; then
  signed='Signed with a Developer ID: an update keeps the Full Disk Access that you granted.'
else
  signed='**Signed ad hoc**: macOS ties Full Disk Access to this very build, so grant it again after each update, and
allow the program once under System Settings › Privacy & Security.'
fi
echo '| Mac | app | the program alone |'
echo '| --- | --- | --- |'
for pair in 'arm64:Apple silicon' 'x64:Intel'; do
  arch=${pair%%:*}
  app="ChatStats-Live-Sync-$version-$arch"
  [ -e "$folder/$app.dmg" ] || continue
  echo "| ${pair##*:} | \`$app.dmg\` (or \`.zip\`) | \`chatstats-live-sync-$version-macos-$arch.zip\` |"
done
cat <<NOTES

Open the \`.dmg\` and drag the app to Applications **before** you open it: run from elsewhere, macOS starts it from a passing
copy, whose Full Disk Access is not seen. Check a download with \`shasum -a 256 -c SHA256SUMS --ignore-missing\`, and where it
was built with \`gh attestation verify FILE --repo ${GITHUB_REPOSITORY:-OWNER/REPOSITORY}\`.

$signed
NOTES
