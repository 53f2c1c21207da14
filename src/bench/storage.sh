#!/usr/bin/env bash
# What the log costs without network and protocol, beside Apache Kafka's log and the machine's floor: appending into one and
# into 100 partitions, appending with an fsync and several who wait, reading.
#
#   src/bench/storage.sh [DIRECTORY]
#
# DIRECTORY lies on the disk to measure (default: target/storage-bench). Needs a build (./mvnw -DskipTests package).
# Environment: ROUNDS (3), MB (512) written or read for each figure.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
. "$here/.mvn/jdk.sh"
find_jdk
directory=${1:-$here/target/storage-bench}
mkdir -p "$directory"
exec "$JAVA_HOME/bin/java" -Xmx1g -XX:+UseSerialGC -XX:+UseCompactObjectHeaders --enable-native-access=ALL-UNNAMED \
  -cp "$here/target/vitrine.jar:$here/target/lib/*" "$here/src/bench/StorageBench.java" \
  "$directory" "${ROUNDS:-3}" "${MB:-512}" 2> >(grep -v -E "SLF4J|WARNING" >&2)
