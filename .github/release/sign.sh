#!/usr/bin/env bash
# sign.sh BINARY...: hardened runtime and our identifier, with MACOS_SIGN_IDENTITY ("Developer ID Application: …") where
# there is one, else ad hoc. Full Disk Access is tied to identifier and identity; ad hoc it is tied to this very build.
# NOT RUN YET: needs a Mac.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

identity=${MACOS_SIGN_IDENTITY:-}
timestamp=--timestamp
if [ -z "$identity" ]; then
  identity=-
  timestamp=--timestamp=none
fi
for binary in "$@"; do
  codesign --force --options runtime "$timestamp" --identifier com.chatstats.live-sync \
    --entitlements "$here/entitlements.plist" --sign "$identity" "$binary"
  codesign --verify --strict --verbose=2 "$binary"
done
