#!/usr/bin/env bash
# What it costs a broker that its requests can be seen: gives several running brokers the same small requests in turn, and
# prints medians. One that names its REST port too is measured with nobody looking, with a stream of requests whose
# conditions nothing meets, with one that shows all, and with one that shows all with bodies.
#
#   src/bench/tap.sh NAME=HOST:PORT,PID[,REST_PORT] NAME=HOST:PORT,PID[,REST_PORT] ...
#
# The brokers make topics on demand and must run with num.partitions=2. With its PID, a broker's processor time is read from /proc, and what its threads
# allocate from `jcmd`. Needs a build (./mvnw -DskipTests package). Environment: ROUNDS (3) after one to warm up, REQUESTS
# (200000) of each kind.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
. "$here/.mvn/jdk.sh"
find_jdk
[ $# -ge 1 ] || { sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0"; exit 2; }
exec "$JAVA_HOME/bin/java" -Xmx256m -Drounds="${ROUNDS:-3}" -Drequests="${REQUESTS:-200000}" \
  -cp "$here/target/lib/*" "$here/src/bench/TapBench.java" "$@"
