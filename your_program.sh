#!/usr/bin/env bash
# Starts Vitrine: your_program.sh [server.properties]. Builds it first where the jar is missing or older than the sources;
# without tests and checks, which are the affair of mvnw verify. VITRINE_JAVA_OPTS adds options for the JVM; VITRINE_AOT=off
# leaves the cache alone that makes starts quicker.
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
. "$here/.mvn/jdk.sh"
. "$here/.mvn/aot.sh"
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
classes="$jar:${libraries//lib\//$here/target/lib/}"
# Classes for the newest JDKs alone (META-INF/versions/24) are never kept in the cache. It lies at one address, so that its pages
# are shared with the file. What the compilers have given back goes back to the system.
options=(-Xms32m -Xmx512m -XX:+UseSerialGC -XX:+UseCompactObjectHeaders -Djdk.util.jar.version=21
  -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0 -XX:TrimNativeHeapInterval=5000
  --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)

cache=$here/target/vitrine.aot
cached=
if [ "${VITRINE_AOT:-on}" != off ]; then
  what="$(cat "$JAVA_HOME/release") ${options[*]} $classes $(cksum < "$jar")"
  cached=$(aot_option "$cache" "$what" || true)
  if [ -z "$cached" ]; then
    # By another shell in between, so that it is not a child of what becomes of this one.
    (aot_rehearse "$cache" "$what" "$JAVA_HOME/bin/java" "${options[@]}" -cp "$classes" < /dev/null > "$here/target/rehearsal.log" 2>&1 &)
  fi
fi
# shellcheck disable=SC2086
exec "$JAVA_HOME/bin/java" ${cached:+"$cached"} "${options[@]}" -Xlog:disable -Xlog:all=error:stderr -Xlog:aot*=off:stderr ${VITRINE_JAVA_OPTS:-} \
  -cp "$classes" io.vitrine.Vitrine "$@"
