#!/usr/bin/env bash
# package.sh ARCH VERSION: of dist/ARCH/chatstats-live-sync and the app beside it, both signed, into dist/release:
#   chatstats-live-sync-VERSION-macos-ARCH.zip   the bare binary, for Terminal, launchd and Electron
#   ChatStats-Live-Sync-VERSION-ARCH.zip         the app
#   ChatStats-Live-Sync-VERSION-ARCH.dmg         the app, to be dragged to Applications
# With the notary's secrets (notarize.sh) all are notarized. Apple's ticket is stapled to the app, before it is packed for
# good, and to the image; a bare binary can't carry one, and asks Apple at its first start.
# NOT RUN YET: needs a Mac and, for the notary, an Apple Developer ID.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
arch=$1
version=$2
app="ChatStats Live-Sync.app"
out=dist/release
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"

# staple FILE: where the notary was asked.
staple() {
  [ -n "${NOTARY_KEY_P8:-}" ] || return 0
  # The ticket can be a moment later than the notary's answer ("error 65").
  for attempt in 1 2 3 4 5; do
    if xcrun stapler staple "$1"; then break; fi
    [ "$attempt" -lt 5 ] || exit 1
    sleep 30
  done
  xcrun stapler validate "$1"
}

binary_name="chatstats-live-sync-$version-macos-$arch"
mkdir "$work/$binary_name"
cp "dist/$arch/chatstats-live-sync" LICENSE "$work/$binary_name/"
ditto -c -k --keepParent "$work/$binary_name" "$out/$binary_name.zip"
"$here/notarize.sh" "$out/$binary_name.zip"

app_name="ChatStats-Live-Sync-$version-$arch"
ditto -c -k --keepParent "dist/$arch/$app" "$work/notary.zip"
"$here/notarize.sh" "$work/notary.zip"
staple "dist/$arch/$app"
ditto -c -k --keepParent "dist/$arch/$app" "$out/$app_name.zip"

mkdir "$work/image"
ditto "dist/$arch/$app" "$work/image/$app"
ln -s /Applications "$work/image/Applications"
cp LICENSE "$work/image/"
# "Resource busy" comes and goes on GitHub's Macs (actions/runner-images#7522).
for attempt in 1 2 3 4 5; do
  if hdiutil create -volname "ChatStats Live-Sync" -srcfolder "$work/image" -fs HFS+ -format UDZO -ov \
    "$out/$app_name.dmg"; then break; fi
  [ "$attempt" -lt 5 ] || exit 1
  sleep "$attempt"
done
"$here/sign.sh" "$out/$app_name.dmg"
"$here/notarize.sh" "$out/$app_name.dmg"
staple "$out/$app_name.dmg"
# What Gatekeeper would say to a person who downloads it; it has nothing good to say of what is signed ad hoc.
if [ -n "${NOTARY_KEY_P8:-}" ]; then
  spctl --assess --type execute --verbose=4 "dist/$arch/$app"
  spctl --assess --type open --context context:primary-signature --verbose=4 "$out/$app_name.dmg"
fi
