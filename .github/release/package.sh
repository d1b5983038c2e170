#!/usr/bin/env bash
# package.sh VERSION: of dist/TRIPLE/chatstats-live-sync, a zip and a .pkg for each kind of Mac, in dist/release, with
# SHA256SUMS. Where NOTARY_KEY_P8 (base64), NOTARY_KEY_ID and NOTARY_ISSUER are set both are notarized; Apple's ticket
# can be stapled to the .pkg alone, so the binary of the zip asks Apple at its first start.
# NOT RUN YET: needs a Mac and, for the notary, an Apple Developer ID.
set -euo pipefail
version=$1
out=dist/release
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rm -rf "$out"
mkdir -p "$out"

notarize() {
  [ -n "${NOTARY_KEY_P8:-}" ] || return 0
  local key="$work/notary.p8"
  (umask 077 && printf '%s' "$NOTARY_KEY_P8" | base64 --decode >"$key")
  xcrun notarytool submit "$1" --wait --timeout 30m \
    --key "$key" --key-id "${NOTARY_KEY_ID:?}" --issuer "${NOTARY_ISSUER:?}"
}

for pair in aarch64:arm64 x86_64:x64; do
  binary="dist/${pair%%:*}-apple-darwin/chatstats-live-sync"
  name="chatstats-live-sync-$version-macos-${pair##*:}"
  stage="$work/$name"
  mkdir -p "$stage" "$work/root-${pair##*:}"
  cp "$binary" LICENSE "$stage/"
  cp "$binary" "$work/root-${pair##*:}/"

  ditto -c -k --keepParent "$stage" "$out/$name.zip"
  notarize "$out/$name.zip"

  sign=()
  if [ -n "${MACOS_INSTALLER_IDENTITY:-}" ]; then sign=(--sign "$MACOS_INSTALLER_IDENTITY"); fi
  # macOS has bash 3.2, where "${sign[@]}" of an empty list is an error under `set -u`.
  pkgbuild --root "$work/root-${pair##*:}" --identifier com.chatstats.live-sync.pkg --version "$version" \
    --install-location /usr/local/bin ${sign[@]+"${sign[@]}"} "$out/$name.pkg"
  # The notary takes no unsigned package.
  if [ -n "${MACOS_INSTALLER_IDENTITY:-}" ] && [ -n "${NOTARY_KEY_P8:-}" ]; then
    notarize "$out/$name.pkg"
    xcrun stapler staple "$out/$name.pkg"
  fi
done

(cd "$out" && shasum -a 256 ./*.zip ./*.pkg | sed 's#\./##' >SHA256SUMS)
cat "$out/SHA256SUMS"
