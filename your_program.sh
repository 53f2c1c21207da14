#!/usr/bin/env bash
# Starts Vitrine: your_program.sh [server.properties]. Builds it first where the jar is missing or older than the sources.
# VITRINE_JAVA_OPTS adds options for the JVM.
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
. "$here/.mvn/jdk.sh"
find_jdk || exit 1

jar=$here/target/vitrine.jar
if [ ! -f "$jar" ] || [ -n "$(find "$here/src/main" "$here/pom.xml" -newer "$jar" -print -quit)" ]; then
  echo "Building Vitrine (once; the log is in $here/target/build.log)" >&2
  mkdir -p "$here/target"
  if ! "$here/mvnw" -f "$here/pom.xml" -B -q -DskipTests package > "$here/target/build.log" 2>&1; then
    tail -n 20 "$here/target/build.log" >&2
    exit 1
  fi
fi

# shellcheck disable=SC2086
exec "$JAVA_HOME/bin/java" -Xms32m -Xmx512m -XX:+UseSerialGC -XX:+UseCompactObjectHeaders -Xlog:disable -Xlog:all=error:stderr \
  --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  ${VITRINE_JAVA_OPTS:-} -cp "$jar:$here/target/lib/*" io.vitrine.Vitrine "$@"
