#!/usr/bin/env bash
# What producing costs a broker: gives the same work to several running brokers in turn, with Kafka's own
# ProducerPerformance, and prints medians.
#
#   src/bench/produce.sh NAME=HOST:PORT,PID NAME=HOST:PORT,PID ...
#
# The brokers make topics on demand. With its PID, a broker's processor time is read from /proc, which depends on what else
# the machine does far less than throughput. Needs a build (./mvnw -DskipTests package) for the tool's jars.
# Environment: ROUNDS (3), SCALE (1) on the number of records.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
. "$here/.mvn/jdk.sh"
find_jdk
rounds=${ROUNDS:-3}
scale=${SCALE:-1}
hertz=$(getconf CLK_TCK)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ $# -ge 1 ] || { sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0"; exit 2; }

cpu() { sed 's/.*) //' "/proc/$1/stat" | awk -v h="$hertz" '{ printf "%.2f", ($12 + $13) / h }'; }

# produce ADDRESS TOPIC RECORDS SIZE PROPERTIES...: prints records/s, MB/s and the mean latency in ms
produce() {
  local address=$1 topic=$2 records=$3 size=$4
  shift 4
  "$JAVA_HOME/bin/java" -Xmx512m -cp "$here/target/kafka-tools/*:$here/target/lib/*" \
    org.apache.kafka.tools.ProducerPerformance --bootstrap-server "$address" --topic "$topic" \
    --num-records "$records" --record-size "$size" --throughput -1 --reporting-interval 600000 \
    --command-property "$@" 2> "$work/err" |
    sed -n 's|.* sent, \([0-9.]*\) records/sec (\([0-9.]*\) MB/sec), \([0-9.]*\) ms avg.*|\1 \2 \3|p' | tail -n 1
}

# measure LABEL RECORDS SIZE UNIT PROPERTIES...: UNIT is GB or M (million requests), what processor time is counted by
measure() {
  local label=$1 records=$2 size=$3 unit=$4 target name rest address pid before after line
  shift 4
  records=$(awk "BEGIN { print int($records * $scale) }")
  for target in "${targets[@]}"; do
    name=${target%%=*} rest=${target#*=} address=${rest%%,*} pid=${rest#*,}
    before=$(cpu "$pid")
    line=$(produce "$address" "bench-${label//[^a-z0-9]/-}" "$records" "$size" "$@") || { cat "$work/err" >&2; exit 1; }
    after=$(cpu "$pid")
    [ -n "$line" ] || { cat "$work/err" >&2; exit 1; }
    awk -v label="$label" -v name="$name" -v line="$line" -v cpu="$after $before" -v n="$records" -v size="$size" \
      -v unit="$unit" 'BEGIN { split(line, l, " "); split(cpu, c, " ")
        per = unit == "GB" ? n * size / 1e9 : n / 1e6
        printf "%s\t%s\t%.2f\t%s\t%s\t%s\t%s\n", label, name, (c[1] - c[2]) / per, unit, l[1], l[2], l[3] }' >> "$work/raw"
  done
}

targets=("$@")
for ((round = 0; round <= rounds; round++)); do
  [ "$round" -ne 1 ] || : > "$work/raw" # the round before the first warms up
  echo "round $round of $rounds" >&2
  measure "1 KiB, acks=1" 400000 1024 GB acks=1 enable.idempotence=false
  measure "1 KiB, acks=all, idempotent" 400000 1024 GB acks=all
  measure "1 KiB, acks=all, not idempotent" 400000 1024 GB acks=all enable.idempotence=false
  measure "1 KiB, 256 KiB batches" 600000 1024 GB acks=1 enable.idempotence=false batch.size=262144 linger.ms=10
  measure "100 B, acks=1" 1000000 100 GB acks=1 enable.idempotence=false
  measure "1 record a request" 20000 100 M acks=1 enable.idempotence=false linger.ms=0 batch.size=0 \
    max.in.flight.requests.per.connection=1
done

echo "| work | broker | CPU s per | records/s | MB/s | mean ms |"
echo "|---|---|---|---|---|---|"
awk -F '\t' '
  function median(list,   n, v, i, j, t) {
    n = split(list, v, " ")
    for (i = 2; i <= n; i++) for (j = i; j > 1 && v[j - 1] + 0 > v[j] + 0; j--) { t = v[j]; v[j] = v[j - 1]; v[j - 1] = t }
    return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
  }
  { key = $1 "\t" $2; if (!(key in cpu)) order[++count] = key
    cpu[key] = cpu[key] " " $3; unit[key] = $4; rate[key] = rate[key] " " $5; mb[key] = mb[key] " " $6; ms[key] = ms[key] " " $7 }
  END { for (i = 1; i <= count; i++) { key = order[i]; split(key, part, "\t")
    printf "| %s | %s | %.2f/%s | %.0f | %.1f | %.2f |\n", part[1], part[2], median(cpu[key]), unit[key], \
      median(rate[key]), median(mb[key]), median(ms[key]) } }' "$work/raw"
