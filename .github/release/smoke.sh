#!/usr/bin/env bash
# smoke.sh BINARY|APP VERSION: starts the compiled program as a stranger would, from another folder, and looks whether it
# tells its version, shows messages, serves as a sidecar, opens no debugger at SIGUSR1, checks itself, and ends. An app is
# started besides as Finder would (`open`), and its page is read.
# Run here with a script that starts `deno run main.ts` in the binary's place; NOT RUN YET with a compiled binary, which
# needs Deno's download host.
set -euo pipefail

given=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
case $given in
  *.app) app=$given binary="$given/Contents/MacOS/chatstats-live-sync" ;;
  *) app='' binary=$given ;;
esac
version=$2
seconds=${SMOKE_DEMO_SECONDS:-20}
# Where Deno's inspector listens; our own tests have another one.
port=${SMOKE_DEBUG_PORT:-9229}
work=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill -9 "$pid" 2>/dev/null || true; rm -rf "$work"' EXIT
# Nothing of the runner's own settings or of its Deno may have a say.
unset "${!CHATSTATS_@}" "${!DENO_@}" SYNC_COOLDOWN_SECONDS
export NO_COLOR=1
mkdir "$work/elsewhere"
cd "$work/elsewhere"

fail() {
  echo "FAILED: $1"
  for log in "$work"/*.log; do
    [ ! -e "$log" ] || { echo "-- $log"; tail -40 "$log"; }
  done
  exit 1
}

# waits SECONDS COMMAND...: until the command holds.
waits() {
  local tries=$(($1 * 10))
  shift
  until "$@" 2>/dev/null; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || return 1
    sleep 0.1
  done
}

gone() { ! kill -0 "$pid"; }
listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# opens_page URL: the page that a browser would get, and that the program answers for itself.
opens_page() {
  curl --silent --fail --max-time 5 "$1/" | grep -q '<title>ChatStats Live' || return 1
  curl --silent --fail --max-time 5 "$1/health" | grep -q '"version"'
}

# has_debugger: a binary has none, not for a moment. Where Deno itself runs the program (SMOKE_DENO_RUN, in our own tests)
# one is opened and shut again within milliseconds (src/platform/inspector.ts).
has_debugger() {
  listens "$port" || return 1
  [ -n "${SMOKE_DENO_RUN:-}" ] || return 0
  sleep 0.3
  listens "$port"
}

# no_debugger: signals the process `pid`, and looks for longer than a debugger would take to start.
no_debugger() {
  ! has_debugger || fail "something listens on $port before the signal"
  for _ in 1 2 3; do
    kill -USR1 "$pid"
    for _ in 1 2 3 4 5 6 7 8 9 10; do
      ! has_debugger || fail "a debugger listens on $port after SIGUSR1"
      sleep 0.1
    done
  done
  ! gone || fail "SIGUSR1 ended it"
}

echo "== --version"
told=$("$binary" --version)
[ "$told" = "$version" ] || fail "--version says \"$told\", expected \"$version\""

echo "== demo, $seconds s"
"$binary" demo --seconds "$seconds" >"$work/demo.log" 2>&1 || fail "demo ended with $?"
grep -Eq '^[0-9]{2}:[0-9]{2}:[0-9]{2}  .* [0-9]+ ms$' "$work/demo.log" || fail "demo showed no message"

echo "== run --sidecar"
flags=(--messages-db "$work/none/chat.db" --addressbook-dir "$work/none/AddressBook" --database "$work/ours/ours.db")
mkfifo "$work/stdin"
"$binary" run --sidecar "${flags[@]}" <"$work/stdin" >"$work/run.log" 2>"$work/run_err.log" &
pid=$!
exec 9>"$work/stdin"
waits 15 grep -q '^{"type":"ready"' "$work/run.log" || fail "no ready line"

echo "== SIGUSR1"
no_debugger

echo "== doctor"
code=0
"$binary" doctor --json "${flags[@]}" >"$work/doctor.log" 2>&1 || code=$?
# There is no Messages database to read here, so it must find fault, and say so as JSON.
case $code in 1 | 3) ;; *) fail "doctor ended with $code" ;; esac
grep -q '^{"ok":false,"checks":\[{"id":' "$work/doctor.log" || fail "doctor printed no checks"

echo "== end of stdin"
exec 9>&-
waits 5 gone || fail "it did not end with its parent's pipe"
wait "$pid" || fail "run ended with $?"
pid=

if [ -n "$app" ]; then
  echo "== the app, as Finder starts it"
  told="$work/app/instance.json"
  open -n -g "$app" --args run --messages-db "$work/none/chat.db" --addressbook-dir "$work/none/AddressBook" \
    --database "$work/app/ours.db"
  waits 30 grep -q '"url": "http' "$told" || fail "the app made no instance.json"
  pid=$(sed -nE 's/^ *"pid": ([0-9]+),?$/\1/p' "$told")
  url=$(sed -nE 's/^ *"url": "(http[^"]+)",?$/\1/p' "$told")
  waits 15 opens_page "$url" || fail "the app's page can't be read at $url"
  no_debugger
  kill -TERM "$pid"
  waits 5 gone || fail "the app did not end at SIGTERM"
  pid=
fi
echo "smoke test passed"
