#!/usr/bin/env bash
# What consumers get from brokers, and what it costs these: starts them side by side, gives each the same work in turn, and
# prints medians. End to end at a steady rate, Kafka's own consumer reading 1 and 100 partitions, many idle consumers.
#
#   src/bench/consume.sh DIR NAME=CONTROL [NAME=CONTROL …]
#
# CONTROL is a script that understands `start DIR PORT` (printing pid=…) and `stop DIR`, as control.sh beside this file does, with
# PEER_PROPS as more words for its settings: the topics are made on demand, with 100 partitions. Needs a build
# (./mvnw -DskipTests package). Environment: ROUNDS (3) after one to warm up, SECONDS_EACH (20) at RATE (1000) records/s, MB
# (1024) that are read, IDLE (1000) consumers, PORT (29292); ONLY the work whose name begins so.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
. "$here/.mvn/jdk.sh"
find_jdk
[ $# -ge 2 ] || { sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0"; exit 2; }
directory=$1
shift
export PEER_PROPS="num.partitions=100 ${PEER_PROPS:-}"
started=()
work=$(mktemp -d)
# The clients' own log would hide the tables.
echo '<configuration><root level="OFF"/></configuration>' > "$work/logback.xml"
stop() { for peer in "${started[@]}"; do "${peer#*=}" stop "$directory/${peer%%=*}" > /dev/null || true; done; rm -rf "$work"; }
trap stop EXIT

targets=()
port=${PORT:-29292}
for peer in "$@"; do
  line=$("${peer#*=}" start "$directory/${peer%%=*}" "$port")
  started+=("$peer")
  pid=${line#*pid=} pid=${pid%% *}
  targets+=("${peer%%=*}=127.0.0.1:$port,$pid")
  port=$((port + 10))
done
"$JAVA_HOME/bin/java" -Xmx768m -Drounds="${ROUNDS:-3}" -Dseconds="${SECONDS_EACH:-20}" -Drate="${RATE:-1000}" -Dmb="${MB:-1024}" \
  -Didle="${IDLE:-1000}" -Donly="${ONLY:-}" -Dlogback.configurationFile="$work/logback.xml" \
  -cp "$here/target/lib/*" "$here/src/bench/ConsumeBench.java" "${targets[@]}"
