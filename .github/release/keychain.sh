#!/usr/bin/env bash
# Puts the signing certificates into a keychain of this job. Without MACOS_CERTIFICATE_P12 (base64) it does nothing.
# NOT RUN YET: needs a Mac and an Apple Developer ID.
set -euo pipefail

if [ -z "${MACOS_CERTIFICATE_P12:-}" ]; then
  echo "No certificate among the secrets: the binaries will be signed ad hoc."
  exit 0
fi
: "${MACOS_CERTIFICATE_PASSWORD:?is missing beside MACOS_CERTIFICATE_P12}"
keychain="$RUNNER_TEMP/release.keychain-db"
certificate="$RUNNER_TEMP/certificate.p12"
trap 'rm -f "$certificate"' EXIT
password=$(openssl rand -hex 24)
(umask 077 && printf '%s' "$MACOS_CERTIFICATE_P12" | base64 --decode >"$certificate")
security create-keychain -p "$password" "$keychain"
security set-keychain-settings -lut 21600 "$keychain"
security unlock-keychain -p "$password" "$keychain"
security import "$certificate" -k "$keychain" -P "$MACOS_CERTIFICATE_PASSWORD" \
  -T /usr/bin/codesign
security set-key-partition-list -S apple-tool:,apple: -s -k "$password" "$keychain" >/dev/null
security list-keychains -d user -s "$keychain" login.keychain-db
