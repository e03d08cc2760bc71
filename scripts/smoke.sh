#!/usr/bin/env bash
# npm start as a newcomer runs it, in a data folder of its own: the demo is loaded and spoken to, the server is killed
# hard and comes back with everything as it was, and Ctrl-C ends it cleanly. Ports are taken from SMOKE_PORT upwards.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
export DATA_DIR="$work/data" PORT=${SMOKE_PORT:-3911} MQTT_PORT=$((${SMOKE_PORT:-3911} + 1)) ADMIN_PASSWORD='smoke test password'
base="http://127.0.0.1:$PORT"
server=''
cleanup() { [ -z "$server" ] || kill -9 -- "-$server" 2>/dev/null || true; rm -rf "$work"; }
trap cleanup EXIT

start() {
  set -m
  npm start >"$work/out.$1" 2>&1 &
  server=$!
  set +m
}
fail() { echo "smoke: $1"; tail -n 60 "$work"/out.*; exit 1; }
# wait_for SECONDS WHAT COMMAND…
wait_for() {
  local until=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    kill -0 "$server" 2>/dev/null || fail "the server ended while waiting for: $what"
    [ $SECONDS -lt $until ] || fail "did not come within time: $what"
    sleep 0.2
  done
}
ready() { curl -fsS "$base/health/ready"; }
said() { grep -q "$2" "$work/out.$1"; }
get() { curl -fsS -H "authorization: Bearer $token" "$base/api/v1/$1"; }
login() {
  token=$(curl -fsS "$base/api/v1/auth/login" -H 'content-type: application/json' \
    -d "{\"username\":\"admin\",\"password\":\"$ADMIN_PASSWORD\"}" | node -pe 'JSON.parse(fs.readFileSync(0)).accessToken')
}
# check WHAT ACTUAL EXPECTED
check() { [ "$2" = "$3" ] || fail "$1: $2 instead of $3"; echo "$1: $2"; }
count() { get "$1" | node -pe 'JSON.parse(fs.readFileSync(0)).items.length'; }

from=$SECONDS
start first
wait_for 120 'the first start to be ready' ready
echo "first start ready after $((SECONDS - from)) s"
wait_for 180 'the demo to be finished' said first 'Phủ Sóng is ready'
login
check communes "$(count 'areas?kind=commune&limit=1000')" 75
check clusters "$(count 'clusters?limit=1000')" 120
sites=$(get 'sites?limit=1000' | node -pe 'const p = JSON.parse(fs.readFileSync(0)); p.items.length + " " + p.nextCursor')
check 'rest of the sites' "$(count "sites?limit=1000&cursor=${sites#* }")" 70
finished=$(get 'broadcasts?limit=1' | node -pe 'JSON.parse(fs.readFileSync(0)).items[0].counts.finished')
check 'clusters that finished the announcement' "$finished" 120

pid=$(cat "$DATA_DIR/server.pid")
kill -9 "$pid"
wait "$server" 2>/dev/null || true
from=$SECONDS
start second
wait_for 30 'the second start to be ready' ready
echo "second start ready after $((SECONDS - from)) s"
login
check 'communes after kill -9' "$(count 'areas?kind=commune&limit=1000')" 75
check 'clusters that finished, after kill -9' \
  "$(get 'broadcasts?limit=1' | node -pe 'JSON.parse(fs.readFileSync(0)).items[0].counts.finished')" 120
wait_for 60 'the clusters to be back' said second 'Phủ Sóng is ready'

kill -INT "$(cat "$DATA_DIR/server.pid")"
code=0; wait "$server" || code=$?
check 'exit code after Ctrl-C' "$code" 0
server=''
echo 'smoke: all well'
