#!/bin/sh
# Starts Mosquitto once the worker has written the access files, and has it reload them when they change.
set -eu
access=${ACCESS_DIR:-/mosquitto/access}
conf=${MOSQUITTO_CONF:-/etc/phu-song/mosquitto.conf}
until [ -s "$access/passwords" ] && [ -s "$access/acl" ]; do sleep 1; done
mosquitto -c "$conf" &
broker=$!
trap 'kill "$broker"; wait "$broker"; exit 0' TERM INT
seen=$(cksum "$access/passwords" "$access/acl")
while kill -0 "$broker" 2>/dev/null; do
  sleep 2
  now=$(cksum "$access/passwords" "$access/acl")
  if [ "$now" != "$seen" ]; then
    kill -HUP "$broker"
    seen=$now
  fi
done
wait "$broker"
