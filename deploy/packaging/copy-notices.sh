#!/usr/bin/env bash
# Puts the licences of what others made beside it: copy-notices.sh <architecture> <prefix>, called by the
# install step of the component `libraries`; the architecture is that of Debian's folders, such as
# x86_64-linux-gnu. Every library must come from a Debian package, which has its licence.
set -euo pipefail
architecture=$1
prefix=$2
notices=$prefix/share/doc/nats-mcp-server/third-party
# Headers that are compiled into the programs and have no library that would be bundled.
packages=(libcli11-dev libexpected-dev nlohmann-json3-dev)

mapfile -t libraries < <(basename --multiple "$prefix"/lib/nats-mcp-server/*.so*)
# All at once, since each time takes as long; a library without a package is told of below.
owners=$(dpkg-query -S "${libraries[@]/#/*/$architecture/}" || true)
for library in "${libraries[@]}"; do
  package=$(awk -v end="/$library" 'substr($0, length($0) - length(end) + 1) == end { sub(/:.*/, ""); print; exit }' <<<"$owners")
  packages+=("${package:-the package of $library}")
done
mkdir -p "$notices/common-licenses"
for package in "${packages[@]}"; do
  if [ ! -e "/usr/share/doc/$package/copyright" ]; then
    echo "error: no Debian package, or no copyright file, for $package" >&2
    exit 1
  fi
  cp -L "/usr/share/doc/$package/copyright" "$notices/$package"
done
# Debian's copyright files do not repeat these texts, and other systems do not have them.
# Some name files that Debian does not have either.
grep -ohE --directories=skip '/usr/share/common-licenses/[A-Za-z0-9.+-]*[A-Za-z0-9+]' "$notices"/* | sort -u |
  while IFS= read -r licence; do
    [ ! -e "$licence" ] || cp -L "$licence" "$notices/common-licenses"
  done
