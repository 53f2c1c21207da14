#!/usr/bin/env bash
# What transactions cost a broker: gives several running brokers the same transactions in turn, and prints medians.
#
#   src/bench/transactions.sh NAME=HOST:PORT,PID NAME=HOST:PORT,PID ...
#
# The brokers make topics on demand and must run with num.partitions=10. With its PID, a broker's processor time is read
# from /proc. Needs a build (./mvnw -DskipTests package). Environment: ROUNDS (3) after one to warm up, SECONDS_EACH (5).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
. "$here/.mvn/jdk.sh"
find_jdk
[ $# -ge 1 ] || { sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0"; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The client's own log would hide the table.
echo '<configuration><root level="OFF"/></configuration>' > "$work/logback.xml"
"$JAVA_HOME/bin/java" -Xmx512m -Drounds="${ROUNDS:-3}" -Dseconds="${SECONDS_EACH:-5}" \
  -Dlogback.configurationFile="$work/logback.xml" -cp "$here/target/lib/*" "$here/src/bench/TransactionBench.java" "$@"
