#!/usr/bin/env bash
# Starts and stops Vitrine for other programs: `start DIR PORT` (prints pid=… start_ms=…, to the first answer), `stop DIR`,
# `kill DIR`. Environment: PEER_PROPS (more "key=value" words for server.properties), VITRINE_JAVA_OPTS.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
now_ms() { local t=${EPOCHREALTIME/[.,]/}; echo "${t%???}"; }

answers() {
  { exec 3<> "/dev/tcp/127.0.0.1/$1"; } 2> /dev/null || return 1
  printf '\0\0\0\012\0\022\0\0\0\0\0\1\377\377' >&3
  local n
  n=$(timeout 60 head -c 4 <&3 | wc -c)
  exec 3>&-
  [ "$n" -eq 4 ]
}

case ${1:-} in
  start)
    mkdir -p "$2"
    {
      echo "listeners=PLAINTEXT://127.0.0.1:$3"
      echo "log.dirs=$2/data"
      echo "vitrine.http.port=$(($3 + 1))"
      for word in ${PEER_PROPS:-}; do echo "$word"; done
    } > "$2/server.properties"
    begin=$(now_ms)
    "$here/your_program.sh" "$2/server.properties" >> "$2/server.log" 2>&1 &
    echo $! > "$2/pid"
    until answers "$3"; do
      kill -0 "$(cat "$2/pid")" 2> /dev/null || { tail -3 "$2/server.log" >&2; exit 1; }
      sleep 0.01
    done
    echo "pid=$(cat "$2/pid") start_ms=$(($(now_ms) - begin))"
    ;;
  stop | kill)
    begin=$(now_ms)
    [ "$1" = stop ] && signal=TERM || signal=KILL
    kill -"$signal" "$(cat "$2/pid")"
    while kill -0 "$(cat "$2/pid")" 2> /dev/null; do sleep 0.02; done
    echo "stop_ms=$(($(now_ms) - begin))"
    ;;
  *)
    echo "usage: control.sh start DIR PORT | stop DIR | kill DIR" >&2
    exit 2
    ;;
esac
