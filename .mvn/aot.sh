# Sourced by your_program.sh: a cache of what the JVM loads, links and compiles for Vitrine, which takes half the processor
# time of a start. Made beside the first start of a build and never waited for; without it the program only starts slower.

# aot_option CACHE WHAT: the option that uses the cache, or nothing if it is missing or was made for
# something else than WHAT (the JDK, its options, the class path, the program).
aot_option() {
  [ -f "$1" ] && [ "$(cat "$1.for" 2> /dev/null)" = "$2" ] && echo "-XX:AOTCache=$1"
}

# Is there memory for two more JVMs for half a minute? Where nobody says how much there is, there is.
aot_has_room() {
  local need=$((2 * 1024 * 1024 * 1024)) free max used
  free=$(awk '/^MemAvailable/ { printf "%.0f", $2 * 1024 }' /proc/meminfo 2> /dev/null || true)
  [ "${free:-$need}" -ge "$need" ] || return 1
  max=$(cat /sys/fs/cgroup/memory.max 2> /dev/null || echo max)
  used=$(cat /sys/fs/cgroup/memory.current 2> /dev/null || echo 0)
  [ "$max" = max ] || [ $((max - used)) -ge "$need" ]
}

# aot_rehearse CACHE WHAT COMMAND...: makes the cache out of what COMMAND, a java with its options and class path, does in a
# rehearsal. At the lowest priority, and one at a time; what a killed one has left is taken over after ten minutes.
aot_rehearse() {
  local cache=$1 what=$2 lock=$1.lock made=$1.$$
  shift 2
  [ -z "$(find "$lock" -maxdepth 0 -mmin +10 2> /dev/null)" ] || rm -rf "$lock"
  mkdir "$lock" 2> /dev/null || return 0
  # What is started here has the machine for itself first.
  sleep 10
  aot_has_room || { echo "Less than 2 GiB of memory are free; no cache is made" && rm -rf "$lock" && return 0; }
  if nice -n 19 "$1" "-XX:AOTCacheOutput=$made" "${@:2}" io.vitrine.Rehearsal && [ -f "$made" ]; then
    echo "$what" > "$cache.for" && mv "$made" "$cache"
  fi
  rm -rf "$made" "$made.config" "$lock"
}
