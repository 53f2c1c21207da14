#!/usr/bin/env bash
# What consuming costs a broker: reads the same records from several running brokers in turn with a client that does
# nothing but ask for them, and prints medians.
#
#   src/bench/fetch.sh NAME=HOST:PORT,PID NAME=HOST:PORT,PID ...
#
# The brokers make topics on demand and must run with num.partitions=100. With its PID, a broker's processor time is
# read from /proc, and what its threads allocate from `jcmd`. Needs a build (./mvnw -DskipTests package).
# Environment: ROUNDS (3), MB (512) written to one partition and to 100, READ_MB (2048) then read for a figure, again and
# again from the beginning; ONLY the work whose name begins so.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
. "$here/.mvn/jdk.sh"
find_jdk
[ $# -ge 1 ] || { sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0"; exit 2; }
exec "$JAVA_HOME/bin/java" -Xmx512m -Drounds="${ROUNDS:-3}" -Dmb="${MB:-512}" -DreadMb="${READ_MB:-2048}" -Donly="${ONLY:-}" \
  -cp "$here/target/lib/*" "$here/src/bench/FetchBench.java" "$@"
