#!/usr/bin/env bash
# Puts the licences of bundled libraries beside them: copy-notices.sh <architecture> <prefix>, called by
# the install step of the component `libraries`; the architecture is that of Debian's folders, such as
# x86_64-linux-gnu. Every library must come from a Debian package, which has its licence.
set -euo pipefail
architecture=$1
prefix=$2
notices=$prefix/share/doc/nats-mcp-server/third-party

mkdir -p "$notices"
for library in "$prefix"/lib/nats-mcp-server/*.so*; do
  package=$(dpkg-query -S "*/$architecture/$(basename "$library")" | sed -n '1s/:.*//p')
  if [ -z "$package" ] || [ ! -e "/usr/share/doc/$package/copyright" ]; then
    echo "error: no Debian package, or no copyright file, for $library" >&2
    exit 1
  fi
  cp -L "/usr/share/doc/$package/copyright" "$notices/$package"
done
