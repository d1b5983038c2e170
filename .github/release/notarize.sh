#!/usr/bin/env bash
# notarize.sh FILE: asks Apple's notary about a zip or a disk image and waits. Fails unless it says "Accepted": the exit
# code of notarytool alone does not tell. Without NOTARY_KEY_P8 (base64) it does nothing and ends with 0.
# NOT RUN YET: needs a Mac and an Apple Developer ID.
set -euo pipefail

[ -n "${NOTARY_KEY_P8:-}" ] || exit 0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
key="$work/notary.p8"
(umask 077 && printf '%s' "$NOTARY_KEY_P8" | base64 --decode >"$key")
account=(--key "$key" --key-id "${NOTARY_KEY_ID:?}" --issuer "${NOTARY_ISSUER:?}")

# field NAME: of the JSON on stdin.
field() {
  node -p "JSON.parse(require('fs').readFileSync(0, 'utf8'))['$1'] ?? ''"
}

answer=$(xcrun notarytool submit "$1" --wait --timeout 30m --output-format json "${account[@]}") || true
[ -n "$answer" ] || { echo "The notary gave no answer about $1" >&2; exit 1; }
echo "$answer"
status=$(field status <<<"$answer")
if [ "$status" != Accepted ]; then
  echo "The notary says \"$status\" of $1" >&2
  id=$(field id <<<"$answer")
  [ -z "$id" ] || xcrun notarytool log "$id" "${account[@]}" >&2 || true
  exit 1
fi
