#!/usr/bin/env bash
# The page's tests in a real Chromium: finds one, or installs Debian's, then runs every test here.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export NO_COLOR=1

find_chromium() {
  local name
  for name in "${CHATSTATS_CHROMIUM:-}" chromium chromium-browser google-chrome-stable google-chrome \
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" \
    "/Applications/Chromium.app/Contents/MacOS/Chromium"; do
    if [ -n "$name" ] && command -v "$name"; then return; fi
  done
  return 1
}

# Debian's package; as root, or where sudo asks nothing.
install() {
  local root=()
  [ "$(id -u)" -eq 0 ] || root=(sudo -n)
  command -v apt-get >/dev/null || return 1
  "${root[@]}" apt-get update -qq &&
    DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -y -qq --no-install-recommends chromium >/dev/null
}

if ! found=$(find_chromium); then
  echo "No Chromium here: installing Debian's package."
  install || true
  if ! found=$(find_chromium); then
    echo "The page's tests need Chromium, and none could be installed. Install the package chromium (Debian) or" >&2
    echo "Google Chrome, or name one in CHATSTATS_CHROMIUM." >&2
    exit 1
  fi
fi
export CHATSTATS_CHROMIUM=$found
echo "Chromium: $found"

if [ -n "${CHATSTATS_DENO:-}" ]; then deno=("$CHATSTATS_DENO"); else deno=(npx -y deno@2.9.6); fi
failed=0
DENO_JOBS=2 "${deno[@]}" test -A --no-prompt --parallel --ignore=load_test.ts . || failed=1
# What is measured must have the machine to itself.
"${deno[@]}" test -A --no-prompt load_test.ts || failed=1
exit "$failed"
