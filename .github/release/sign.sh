#!/usr/bin/env bash
# sign.sh FILE...: binaries, apps and disk images, in the order given: what lies inside first. Hardened runtime and our
# identifier, with MACOS_SIGN_IDENTITY ("Developer ID Application: …") where there is one, else ad hoc. Full Disk Access
# is tied to identifier and identity; ad hoc it is tied to this very build. Never --deep: it would give each nested
# program these entitlements. Our app has one program, which codesign seals together with Info.plist and the icon.
# NOT RUN YET: needs a Mac.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

identity=${MACOS_SIGN_IDENTITY:-}
timestamp=--timestamp
if [ -z "$identity" ]; then
  identity=-
  timestamp=--timestamp=none
fi
for file in "$@"; do
  case $file in
    # An image runs nothing, so it has neither runtime nor entitlements.
    *.dmg) codesign --force "$timestamp" --sign "$identity" "$file" ;;
    *) codesign --force --options runtime "$timestamp" --identifier com.chatstats.live-sync \
      --entitlements "$here/entitlements.plist" --sign "$identity" "$file" ;;
  esac
  codesign --verify --strict --verbose=2 "$file"
done
