#!/usr/bin/env bash
# What it takes to create and delete many topics and partitions: time to the answer and until all partitions serve (or their
# files are out of the way), processor time of the broker until then, and its memory, its descriptors and its files. The brokers run one after the other, each on an empty directory.
#
#   src/bench/topics.sh DIR NAME=CONTROL [NAME=CONTROL …]
#
# CONTROL is a script that understands `start DIR PORT` (printing pid=…) and `stop DIR`, as control.sh beside this file does, and
# keeps its logs in DIR/data. Needs a build (./mvnw -DskipTests package). Environment: PORT (29292); STRACE=1 counts fsyncs too,
# which slows the broker down.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
. "$here/.mvn/jdk.sh"
find_jdk
[ $# -ge 2 ] || { sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0"; exit 2; }
directory=$1
shift
port=${PORT:-29292}
work=$(mktemp -d)
# The client's own log would hide the table.
echo '<configuration><root level="OFF"/></configuration>' > "$work/logback.xml"
running=
stop() { [ -z "$running" ] || "$running" stop "$directory/$name" > /dev/null || true; running=; }
trap 'stop; rm -rf "$work"' EXIT

echo "| broker | what | answered after | all serve after | processor | memory | descriptors | files |"
echo "|---|---|---|---|---|---|---|---|"
for peer in "$@"; do
  name=${peer%%=*} running=${peer#*=}
  line=$("$running" start "$directory/$name" "$port")
  pid=${line#*pid=} pid=${pid%% *}
  if [ -n "${STRACE:-}" ]; then strace -f -c -e trace=fsync,fdatasync -o "$work/fsyncs" -p "$pid" 2> /dev/null & tracer=$!; fi
  "$JAVA_HOME/bin/java" -Xmx256m -Dlogback.configurationFile="$work/logback.xml" -cp "$here/target/lib/*" \
    "$here/src/bench/TopicBench.java" "$name" "127.0.0.1:$port" "$pid" "$directory/$name/data"
  stop
  if [ -n "${STRACE:-}" ]; then wait "$tracer" || true; awk '$NF ~ /sync$/ { print $4, $NF }' "$work/fsyncs"; fi
  rm -rf "${directory:?}/$name"
done
