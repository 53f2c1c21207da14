#!/usr/bin/env bash
# What REST costs where there is much to show: listing 1,000 topics of 10 partitions each, and streaming 1,000,000
# records as NDJSON. Time to the last byte, processor time of the broker, and its memory.
#
#   src/bench/rest.sh DIR [CONTROL]
#
# CONTROL is a script that understands `start DIR PORT` (printing pid=…) and `stop DIR`, as control.sh beside this file does, and
# gives REST the next port; DIR must be empty. Environment: PORT (29292), TOPICS (1000), RECORDS (1000000), ROUNDS (5).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
[ $# -ge 1 ] || { sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0"; exit 2; }
directory=$1 control=${2:-$here/src/bench/control.sh}
port=${PORT:-29292} topics=${TOPICS:-1000} records=${RECORDS:-1000000} rounds=${ROUNDS:-5}
api=http://localhost:$((port + 1))/api/v1
work=$(mktemp -d)
trap '"$control" stop "$directory" > /dev/null || true; rm -rf "$work"' EXIT

line=$("$control" start "$directory" "$port")
pid=${line#*pid=} pid=${pid%% *}
until curl -sf "$api/cluster" > /dev/null; do sleep 0.1; done

cpu_ms() { awk '{ print ($14 + $15) * 10 }' "/proc/$pid/stat"; }
# The most so far, and now.
memory_mib() { awk '/^Vm(RSS|HWM)/ { printf "%d ", $2 / 1024 }' "/proc/$pid/status"; }

# measure WHAT PATH ACCEPT: the median of the rounds.
measure() {
  local round before
  curl -s -H "Accept: $3" -o /dev/null "$api$2"
  for round in $(seq "$rounds"); do
    before=$(cpu_ms)
    curl -s -H "Accept: $3" -o /dev/null -w '%{time_total} %{size_download} %{http_code} ' "$api$2"
    echo "$(($(cpu_ms) - before)) $(memory_mib)"
  done | sort -n | awk -v what="$1" '
    $3 != 200 { bad = 1 }
    { seconds[NR] = $1; size = $2; cpu[NR] = $4; peak = $5; rss = $6 }
    END {
      if (bad) exit 1
      middle = int((NR + 1) / 2)
      printf "| %s | %.0f ms | %d ms | %.1f MB | %d MiB | %d MiB |\n", what, seconds[middle] * 1000, cpu[middle], size / 1e6, rss, peak
    }'
}

echo "| what | answered in | processor | size | memory | most memory |"
echo "|---|---|---|---|---|---|"
echo "| nothing yet | | | | $(memory_mib | awk '{ print $2 " MiB | " $1 " MiB |" }')"

for i in $(seq "$topics"); do
  [ "$i" -eq 1 ] || echo next
  printf 'url = "%s/topics"\nheader = "Content-Type: application/json"\ndata = "{\\"name\\":\\"topic-%04d\\",\\"partitions\\":10}"\noutput = "/dev/null"\nsilent\nfail\n' "$api" "$i"
done > "$work/topics"
curl -K "$work/topics"
measure "$topics topics of 10 partitions" /topics application/json
measure "the partitions of one" /topics/topic-0001/partitions application/json

for first in $(seq 0 50000 $((records - 1))); do
  seq "$first" $((first + 49999 < records ? first + 49999 : records - 1)) \
    | awk '{ printf "{\"key\":\"order-%d\",\"value\":{\"id\":%d,\"item\":\"kiwi\",\"count\":%d,\"note\":\"as it was ordered\"}}\n", $1, $1, $1 % 7 }' \
    | curl -sf -H 'Content-Type: application/x-ndjson' --data-binary @- "$api/topics/topic-0001/records?acks=1" > /dev/null
done
measure "$records records as lines, all partitions" "/topics/topic-0001/records?limit=$records" application/x-ndjson
measure "10,000 records as a page" "/topics/topic-0001/records?limit=10000" application/json
