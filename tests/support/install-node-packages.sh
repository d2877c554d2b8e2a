#!/usr/bin/env bash
# Installs the pinned npm packages of a folder beside their lock. Does nothing, and needs no network,
# when they are already those of the lock.
#
#   install-node-packages.sh <folder with a package-lock.json>
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "${1:?usage: install-node-packages.sh <folder>}"

mkdir -p "$root/.tools"
# Two builds may run their tests at once.
exec 9>"$root/.tools/$(basename "$PWD").lock"
flock 9

wanted=$(sha256sum package-lock.json)
if [ "$(cat node_modules/.installed-lock 2>/dev/null)" = "$wanted" ]; then
  exit 0
fi

npm ci --cache "$root/.tools/npm-cache" --prefer-offline --no-audit --no-fund --ignore-scripts
echo "$wanted" >node_modules/.installed-lock
