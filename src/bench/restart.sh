#!/usr/bin/env bash
# How long brokers take to come back with many partitions and some gigabytes: after an orderly stop, and after kill -9.
#
#   src/bench/restart.sh DIR NAME=CONTROL [NAME=CONTROL …]
#
# CONTROL is a script that understands `start DIR PORT` (printing pid=… start_ms=…), `stop DIR` and `kill DIR`, as control.sh
# beside this file does. The brokers make the topic on demand: for Apache Kafka, PEER_PROPS=num.partitions=… has to reach its
# settings. Needs a build (./mvnw -DskipTests package). Environment: PARTITIONS (1000), GB (3), PORT (29292).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
. "$here/.mvn/jdk.sh"
find_jdk
[ $# -ge 2 ] || { sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0"; exit 2; }
directory=$1
shift
partitions=${PARTITIONS:-1000}
gigabytes=${GB:-3}
port=${PORT:-29292}
records=$(awk -v g="$gigabytes" 'BEGIN { printf "%d", g * 1e9 / 1024 }')
export PEER_PROPS="num.partitions=$partitions ${PEER_PROPS:-}"

now_ms() { local t=${EPOCHREALTIME/[.,]/}; echo "${t%???}"; }
cpu_ms() { sed 's/.*) //' "/proc/$pid/stat" | awk -v h="$(getconf CLK_TCK)" '{ printf "%d", ($12 + $13) * 1000 / h }'; }
memory() { awk '/^VmRSS/ { printf "%d", $2 / 1024 }' "/proc/$pid/status"; }
row() { printf '| %s | %s | %s |\n' "$name" "$1" "$2"; }

# The answer to one ListOffsets (version 1) that asks for the end of every partition: an error code and an offset for each.
ends() {
  local hex
  hex=$(awk -v n="$partitions" 'BEGIN {
    printf "%08x0002000100000001ffffffffffff00000001000762656e63686564%08x", 31 + 12 * n, n
    for (i = 0; i < n; i++) printf "%08xffffffffffffffff", i }')
  { exec 4<> "/dev/tcp/127.0.0.1/$port"; } 2> /dev/null || return 1
  # shellcheck disable=SC2059
  printf "$(sed 's/../\\x&/g' <<< "$hex")" >&4
  timeout 120 tail -c +26 <(head -c $((25 + 22 * partitions)) <&4) | od -An -v -tx1 -w22
  exec 4>&-
}
all_serve() { [ "$(ends | awk '$5 $6 == "0000"' | wc -l)" -eq "$partitions" ]; }
count() { ends | awk '{ print "0x" $15 $16 $17 $18 $19 $20 $21 $22 }' | while read -r n; do echo $((n)); done | awk '{ s += $1 } END { print s }'; }

begin() { # starts; sets pid, first and ready (milliseconds to the first answer, and until all partitions serve)
  local line start
  start=$(now_ms)
  line=$("$control" start "$directory/$name" "$port")
  pid=${line#*pid=} pid=${pid%% *}
  first=${line#*start_ms=} first=${first%% *}
  [ "${1:-}" = empty ] && return
  until all_serve; do sleep 0.02; done
  ready=$(($(now_ms) - start))
}

fill() {
  "$JAVA_HOME/bin/java" -Xmx512m -cp "$here/target/kafka-tools/*:$here/target/lib/*" \
    org.apache.kafka.tools.ProducerPerformance --bootstrap-server "127.0.0.1:$port" --topic benched \
    --num-records "$1" --record-size 1024 --throughput -1 --reporting-interval 600000 \
    --command-property acks=1 linger.ms=20 batch.size=65536 > /dev/null 2>&1
}

echo "| broker | what | |"
echo "|---|---|---|"
for peer in "$@"; do
  name=${peer%%=*} control=${peer#*=}
  begin empty
  fill "$records"
  row "descriptors and mappings, memory with $partitions partitions, $gigabytes GB" \
    "$(ls "/proc/$pid/fd" | wc -l) and $(wc -l < "/proc/$pid/maps"), $(memory) MiB"
  row "orderly stop" "$("$control" stop "$directory/$name")"
  begin
  row "start after an orderly stop: first answer, all partitions serve" "$first ms, $ready ms, $(cpu_ms) ms of processor"
  fill "$((records / 10))"
  "$control" kill "$directory/$name" > /dev/null
  begin
  row "start after kill -9, a tenth more written: first answer, all partitions serve" \
    "$first ms, $ready ms, $(cpu_ms) ms of processor"
  row "records there, of those acknowledged" "$(count) of $((records + records / 10))"
  "$control" stop "$directory/$name" > /dev/null
  rm -rf "${directory:?}/$name"
done
