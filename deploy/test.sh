#!/usr/bin/env bash
# Everything that has to pass, in the order in which it fails fastest. What CI runs is this file.
#
#   deploy/test.sh                 all of it
#   deploy/test.sh --quick         formatting and the Release build with its tests
#   deploy/test.sh --preset NAME   one preset of CMakePresets.json: build and tests only
#
# NATS_MCP_JOBS bounds the parallel jobs (default: the number of processors).
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
exec </dev/null
export CI="${CI:-false}"
jobs=${NATS_MCP_JOBS:-$(nproc)}
# Another checkout of the same sources finds what this one compiled.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1

usage() {
  sed -n '2,8s/^# \{0,1\}//p' "$0"
}

quick=false
preset=
while [ $# -gt 0 ]; do
  case "$1" in
    --quick) quick=true ;;
    --preset) preset=${2:?--preset needs a name}; shift ;;
    --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done

if ! grep -qs 'VERSION_CODENAME=bookworm' /etc/os-release; then
  # shellcheck source=/dev/null
  echo "note: made for Debian 12; this is $(. /etc/os-release && echo "$PRETTY_NAME")" >&2
fi

summary=()
failed=0
started=$SECONDS

# step <name> <command…>: runs it, notes how it went, and goes on.
step() {
  local name=$1 begin=$SECONDS outcome=passed
  shift
  printf '\n== %s\n' "$name"
  if ! "$@"; then
    outcome=FAILED
    failed=$((failed + 1))
  fi
  summary+=("$(printf '%-8s %5d s  %s' "$outcome" $((SECONDS - begin)) "$name")")
  [ "$outcome" = passed ]
}

build() {
  cmake --preset "$1" --log-level=WARNING && cmake --build --preset "$1" -j"$jobs"
}

run_tests() {
  mkdir -p "build/$1/results"
  ASAN_OPTIONS="${ASAN_OPTIONS:-detect_leaks=1:strict_string_checks=1}" \
  LSAN_OPTIONS="suppressions=$PWD/tests/leaks.supp:print_suppressions=0" \
  UBSAN_OPTIONS="${UBSAN_OPTIONS:-print_stacktrace=1}" \
    ctest --test-dir "build/$1" --output-on-failure --no-tests=error -j"$jobs" \
      --output-junit results/ctest.xml | tee "build/$1/results/ctest.log" | show_tests
}

# A line per passed test is noise in a terminal of hundreds; failures and the totals stay.
show_tests() {
  grep -vE '^ *([0-9]+/[0-9]+ Test +#[0-9]+: .* Passed|Start +[0-9]+: )'
  true
}

build_and_test() {
  step "build ($1)" build "$1" && step "tests ($1)" run_tests "$1"
}

step "dependencies" deploy/install-dependencies.sh || exit 1
if [ -n "$preset" ]; then
  build_and_test "$preset"
else
  step "format (clang-format 14)" deploy/format.sh --check
  build_and_test release
  if ! $quick; then
    # By clang 14, so that both compilers see every file.
    build_and_test asan-ubsan
  fi
fi

printf '\n== summary (%d s)\n' $((SECONDS - started))
printf '%s\n' "${summary[@]}"
if [ "$failed" -gt 0 ]; then
  printf '%d of %d steps failed.\n' "$failed" "${#summary[@]}"
  exit 1
fi
echo "Everything passed."
