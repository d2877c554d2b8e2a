#!/usr/bin/env bash
# Builds the fuzz targets with clang's address and undefined behaviour sanitizers and runs them, one
# after another, from the committed corpus on. Says how many executions were made; what broke a
# promise is kept, with what it said, in build/fuzz/findings/<target>.
#
#   deploy/fuzz.sh [--executions N] [--seconds N] [target…]
#
# Default: 100000 executions of every target; --seconds is a bound besides. A new input that taught
# the fuzzer something stays in build/fuzz/corpus/<target>, so that the next run goes on from there.
# NATS_MCP_JOBS bounds the parallel jobs of the build.
set -euo pipefail
cd "$(dirname "$0")/.."
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1

all=(framing json_text session tool_arguments configuration payloads replies names shown)
executions=100000
seconds=0
targets=()
while [ $# -gt 0 ]; do
  case "$1" in
    --executions) executions=${2:?--executions needs a number}; shift ;;
    --seconds) seconds=${2:?--seconds needs a number}; shift ;;
    --help) sed -n '2,11s/^# \{0,1\}//p' "$0"; exit 0 ;;
    -*) sed -n '6s/^# *//p' "$0" >&2; exit 2 ;;
    *) targets+=("$1") ;;
  esac
  shift
done
[ ${#targets[@]} -gt 0 ] || targets=("${all[@]}")

cmake --preset fuzz --log-level=WARNING >/dev/null
for target in "${targets[@]}"; do
  cmake --build --preset fuzz -j"${NATS_MCP_JOBS:-$(nproc)}" --target "fuzz_$target" >&2
done

# Long enough for every branch; bounds of megabytes have unit tests of their own.
longest_input() {
  case "$1" in
    shown) echo 128 ;;
    names) echo 256 ;;
    framing|session) echo 512 ;;
    *) echo 1024 ;;
  esac
}

failed=0
for target in "${targets[@]}"; do
  findings=build/fuzz/findings/$target
  learnt=build/fuzz/corpus/$target
  mkdir -p "$findings" "$learnt"
  log=build/fuzz/$target.log
  outcome=clean
  if ! UBSAN_OPTIONS=print_stacktrace=1 ASAN_OPTIONS=malloc_context_size=8:quarantine_size_mb=8 \
      build/fuzz/bin/fuzz_"$target" -runs="$executions" -max_total_time="$seconds" \
      -max_len="$(longest_input "$target")" -timeout=120 -rss_limit_mb=2048 \
      -print_final_stats=1 -entropic=0 -reduce_inputs=0 -artifact_prefix="$findings/" "$learnt" "tests/fuzz/corpus/$target" \
      >"$log" 2>&1; then
    outcome="FINDING, see $log and $findings"
    failed=1
  fi
  made=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  printf '%-16s %10s executions, %s\n' "$target" "${made:-0}" "$outcome"
done
exit $failed
