#!/usr/bin/env bash
# Prints what has to be bound into a root so that compiling in it uses this machine's ccache: lines of
# <path of the host>:<path>. Nothing where there is no ccache.
#
#   host-ccache.sh <directory for a wrapper> <where the sources are in the root>
set -euo pipefail
directory=${1:?usage: host-ccache.sh <directory> <sources>}
sources=${2:?usage: host-ccache.sh <directory> <sources>}
program=$(command -v ccache) || exit 0

# Under the name that CMake looks for. The locale is part of what ccache compares, so that it has to be this
# machine's.
{
  printf '#!/bin/sh\nexport CCACHE_DIR=/ccache CCACHE_BASEDIR=%s CCACHE_NOHASHDIR=1\n' "$sources"
  env | sed -n "s/^\(LANG\|LC_[A-Z]*\)=\(.*\)$/export \1='\2'/p"
  printf 'exec /usr/local/lib/ccache "$@"\n'
} >"$directory/ccache"
chmod 755 "$directory/ccache"
# The library that a minimal root does not have.
library=$(ldd "$program" | awk '/hiredis/ { print $3 }')
printf '%s\n' "$directory/ccache:/usr/local/bin/ccache" "$program:/usr/local/lib/ccache" "$library:$library" \
  "$(ccache --get-config cache_dir):/ccache"
