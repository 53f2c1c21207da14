#!/usr/bin/env bash
# Starts Vitrine: your_program.sh [server.properties]. Builds it first where the jar is missing or older than the sources;
# without tests and checks, which are the affair of mvnw verify. VITRINE_JAVA_OPTS adds options for the JVM.
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
. "$here/.mvn/jdk.sh"
find_jdk || exit 1

jar=$here/target/vitrine.jar
names=$here/target/lib.classpath
# A directory is newer when something in it was deleted.
if [ ! -f "$jar" ] || [ ! -f "$names" ] || [ -n "$(find "$here/src/main" "$here/pom.xml" -newer "$jar" -print -quit)" ]; then
  echo "Building Vitrine (once; the log is in $here/target/build.log)" >&2
  mkdir -p "$here/target"
  begun=$(mktemp "$here/target/begun.XXXXXX")
  # What is left of sources that are gone would be found and run.
  rm -rf "$here/target/program-classes"
  if ! "$here/mvnw" -f "$here/pom.xml" -B -q -Dmaven.test.skip=true package > "$here/target/build.log" 2>&1; then
    rm "$begun"
    tail -n 20 "$here/target/build.log" >&2
    exit 1
  fi
  # Whatever has been changed since then may not be in it.
  touch -r "$begun" "$jar"
  rm "$begun"
fi

# Only those of this build: there may be older ones beside them.
libraries=$(< "$names")
# shellcheck disable=SC2086
exec "$JAVA_HOME/bin/java" -Xms32m -Xmx512m -XX:+UseSerialGC -XX:+UseCompactObjectHeaders -Xlog:disable -Xlog:all=error:stderr \
  --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  ${VITRINE_JAVA_OPTS:-} -cp "$jar:${libraries//lib\//$here/target/lib/}" io.vitrine.Vitrine "$@"
