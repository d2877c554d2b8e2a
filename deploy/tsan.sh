#!/usr/bin/env bash
# Builds everything with the thread sanitizer, the core of CAF included, and runs tests under it. A race in any process
# fails it, in the shipped programs that tests start as well; what was found stays in build/tsan/races.
#
#   deploy/tsan.sh [--target NAME]… [ctest argument…]
#
# Default: everything is built, and -L '^(unit|actor|contract|integration)$' is run; --target builds only what it names,
# whose tests are to be chosen then. CAF is built from the source of Debian's package, which is fetched
# once, with an apt configuration of its own, into build/tsan-caf; after that no network is needed.
# NATS_MCP_JOBS bounds the parallel jobs (default: the number of processors).
set -euo pipefail
cd "$(dirname "$0")/.."
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
jobs=${NATS_MCP_JOBS:-$(nproc)}

targets=()
while [ $# -gt 0 ]; do
  case "$1" in
    --help) sed -n '2,10s/^# \{0,1\}//p' "$0"; exit 0 ;;
    --target) targets+=(--target "${2:?--target needs a name}"); shift 2 ;;
    *) break ;;
  esac
done
[ $# -gt 0 ] || set -- -L '^(unit|actor|contract|integration)$'

# -- the source of CAF -------------------------------------------------------------------------------------------------

caf=$PWD/build/tsan-caf
source_package=actor-framework
version=$(dpkg-query -W -f '${source:Version}' libcaf-dev)
archive=${source_package}_${version%-*}.orig.tar.gz

# own_apt_get [argument…]: with source packages, and without touching the system's configuration.
own_apt_get() {
  apt-get -q -o Dir::Etc::SourceList="$caf/apt/sources.list" -o Dir::Etc::SourceParts=- \
    -o Dir::State::Lists="$caf/apt/lists" -o Dir::Cache="$caf/apt/cache" -o APT::Sandbox::User= "$@"
}

fetch() {
  mkdir -p "$caf/apt/lists/partial" "$caf/apt/cache/archives/partial"
  # shellcheck source=/dev/null
  echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian" \
    "$(. /etc/os-release && echo "$VERSION_CODENAME") main" >"$caf/apt/sources.list"
  own_apt_get update
  # Debian's own part of the package is not needed; that a mirror lacks it does no harm.
  (cd "$caf" && own_apt_get source --download-only "$source_package=$version") ||
    echo "note: not all of the source package could be fetched" >&2
  # apt has compared the description with the signed list of packages.
  (cd "$caf" && sed -n "s/^ \([0-9a-f]\{64\}\) [0-9]* \($archive\)\$/\1  \2/p" \
    "${source_package}_$version.dsc" >"$archive.sha256")
}
if [ ! -s "$caf/$archive" ] || [ ! -s "$caf/$archive.sha256" ]; then
  fetch
fi
(cd "$caf" && sha256sum --check --quiet "$archive.sha256")
rm -rf "$caf/source"
mkdir "$caf/source"
tar -xzf "$caf/$archive" -C "$caf/source" --strip-components=1
# The programs are compiled with the installed headers, the library with the source's.
if diff -rq "$caf/source/libcaf_core/caf" /usr/include/caf | grep -v '^Only in /usr/include/caf'; then
  echo "error: the installed headers of CAF are not those of $archive" >&2
  exit 1
fi

cmake -S deploy/tsan -B "$caf/build" -G Ninja -DCAF_SOURCE="$caf/source/libcaf_core" >/dev/null
cmake --build "$caf/build" -j"$jobs"

# -- ours --------------------------------------------------------------------------------------------------------------

cmake --preset tsan --log-level=WARNING -DCAF_CORE_LIBRARY="$caf/build/libcaf_core.so" >/dev/null
cmake --build --preset tsan -j"$jobs" "${targets[@]}"
rm -rf build/tsan/races
mkdir -p build/tsan/races
outcome=0
TSAN_OPTIONS="suppressions=$PWD/tests/tsan.supp:log_path=$PWD/build/tsan/races/race:history_size=4:second_deadlock_stack=1" \
  ctest --test-dir build/tsan --output-on-failure --no-tests=error -j"$jobs" "$@" || outcome=$?
races=$(find build/tsan/races -type f | wc -l)
if [ "$races" -gt 0 ]; then
  echo "$races processes had races:"
  grep -h '^SUMMARY' build/tsan/races/* | sort | uniq -c | sort -rn | head -n 20
  exit 1
fi
[ "$outcome" -eq 0 ] && echo "No race was found."
exit "$outcome"
