#!/usr/bin/env bash
# How long Vitrine takes to start, and what it costs when nobody asks it anything: from the start of your_program.sh to the
# first answer to ApiVersions and to /actuator/health, then memory and processor time of ten idle seconds.
#
#   src/bench/start.sh [ROUNDS]
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
rounds=${1:-5}
kafka=29192 http=28180
work=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill "$pid" 2> /dev/null; rm -rf "$work"' EXIT

now_ms() { local t=${EPOCHREALTIME/[.,]/}; echo "${t%???}"; }
cpu_ms() { sed 's/.*) //' "/proc/$1/stat" | awk -v h="$(getconf CLK_TCK)" '{ printf "%d", ($12 + $13) * 1000 / h }'; }

# One ApiVersions v0 request; succeeds when an answer begins.
answers() {
  { exec 3<> "/dev/tcp/127.0.0.1/$kafka"; } 2> /dev/null || return 1
  printf '\0\0\0\012\0\022\0\0\0\0\0\1\377\377' >&3
  local n
  n=$(timeout 20 head -c 4 <&3 | wc -c)
  exec 3>&-
  [ "$n" -eq 4 ]
}

cat > "$work/server.properties" <<PROPERTIES
listeners=PLAINTEXT://127.0.0.1:$kafka
log.dirs=$work/data
vitrine.http.port=$http
PROPERTIES
"$here/mvnw" -f "$here/pom.xml" -B -q -DskipTests package

echo "| round | first Kafka answer | health over HTTP | processor time by then | memory | processor time, 10 s idle |"
echo "|---|---|---|---|---|---|"
for ((round = 1; round <= rounds; round++)); do
  rm -rf "$work/data"
  begin=$(now_ms)
  "$here/your_program.sh" "$work/server.properties" > "$work/log" 2>&1 &
  pid=$!
  until answers; do kill -0 "$pid"; sleep 0.005; done
  first=$(($(now_ms) - begin))
  until curl -sf "http://127.0.0.1:$http/actuator/health" > /dev/null; do sleep 0.02; done
  web=$(($(now_ms) - begin))
  used=$(cpu_ms "$pid")
  sleep 5
  memory=$(awk '/^VmRSS/ { printf "%d", $2 / 1024 }' "/proc/$pid/status")
  before=$(cpu_ms "$pid")
  sleep 10
  idle=$(($(cpu_ms "$pid") - before))
  echo "| $round | $first ms | $web ms | $used ms | $memory MiB | $idle ms |"
  kill "$pid"
  wait "$pid" || true
  pid=
done
