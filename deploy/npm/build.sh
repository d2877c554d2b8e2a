#!/usr/bin/env bash
# Makes the npm package of an existing Release build: nats-mcp-server-<version>.tgz, for the machine's
# own architecture. `bin` in it are the programs themselves: npm links them and whoever starts one gets its
# pipes, signals and exit code without a Node.js process in between.
#
#   deploy/npm/build.sh [--build DIRECTORY] [--output DIRECTORY]
#
# Needs no root and no network.
set -euo pipefail
cd "$(dirname "$0")/../.."

build=build/release
output=
while [ $# -gt 0 ]; do
  case "$1" in
    --build) build=${2:?--build needs a directory}; shift ;;
    --output) output=${2:?--output needs a directory}; shift ;;
    --help) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "usage: deploy/npm/build.sh [--build DIRECTORY] [--output DIRECTORY]" >&2; exit 2 ;;
  esac
  shift
done
output=${output:-$build/packages}
mkdir -p "$output"
output=$(cd "$output" && pwd)

case "$(uname -m)" in
  x86_64) cpu=x64 ;;
  aarch64) cpu=arm64 ;;
  *) echo "error: npm has no name for the architecture $(uname -m)" >&2; exit 1 ;;
esac
version=$("$build/bin/nats-mcp-server" --version | awk '{ print $2 }')

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
umask 022
# The same files as in the tarball, so that what works there works here.
for component in programs documents libraries; do
  cmake --install "$build" --component "$component" --prefix "$folder" --strip >/dev/null
done
# For manuals and completion npm has no place.
rm -rf "$folder/share/man" "$folder/share/bash-completion"
sed -e "s/@VERSION@/$version/" -e "s/@CPU@/$cpu/" deploy/npm/package.json.in >"$folder/package.json"
cp deploy/npm/README.md LICENSE "$folder"
# npm leaves symbolic links out of packages: what a library is loaded by becomes a file.
for link in "$folder"/lib/nats-mcp-server/*; do
  if [ -L "$link" ]; then
    target=$(readlink -f "$link")
    mv -f "$target" "$link"
  fi
done
(cd "$folder" && npm pack --silent --pack-destination "$output" >/dev/null)
echo "$output/nats-mcp-server-$version.tgz"
