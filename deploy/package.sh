#!/usr/bin/env bash
# Makes the .deb, the relocatable tarball and the npm package of an existing Release build, and prints
# their sizes. Compiles nothing: build/release/bin must hold what is to be shipped.
#
#   deploy/package.sh [--build DIRECTORY] [--output DIRECTORY]
#
# Default: build/release, and packages/ in it. Needs no root.
set -euo pipefail
cd "$(dirname "$0")/.."

build=build/release
output=
while [ $# -gt 0 ]; do
  case "$1" in
    --build) build=${2:?--build needs a directory}; shift ;;
    --output) output=${2:?--output needs a directory}; shift ;;
    --help) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "usage: deploy/package.sh [--build DIRECTORY] [--output DIRECTORY]" >&2; exit 2 ;;
  esac
  shift
done
output=${output:-$build/packages}
if [ ! -x "$build/bin/nats-mcp-server" ]; then
  echo "error: $build/bin/nats-mcp-server is not there; build it first:" >&2
  echo "  cmake --preset release && cmake --build --preset release --target shipped" >&2
  exit 1
fi

mkdir -p "$output"
rm -f "$output"/nats-mcp-server*
# What another user of this machine may not read would be unreadable in the packages, too.
umask 022
log=$output/cpack.log
if ! cpack --config "$build/CPackConfig.cmake" -B "$output" >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi
rm -rf "$output/_CPack_Packages"
deploy/npm/build.sh --build "$build" --output "$output"

echo "In $output:"
(cd "$output" && du -b --apparent-size nats-mcp-server*.deb nats-mcp-server*.tar.gz nats-mcp-server*.tgz) |
  sort -k2 | awk '{ printf "  %8.2f MB  %s\n", $1 / 1e6, $2 }'
