#!/usr/bin/env bash
# Formats our C++ files with the pinned clang-format. With --check it changes nothing and names, as a
# compiler would, what is not formatted.
set -euo pipefail
cd "$(dirname "$0")/.."

mode=(-i)
case "${1:-}" in
  '') ;;
  --check) mode=(--dry-run -Werror --ferror-limit=3) ;;
  *) echo "usage: deploy/format.sh [--check]" >&2; exit 2 ;;
esac

find protocol transport actors tests \( -name node_modules -prune \) -o \
  \( -name '*.cpp' -o -name '*.hpp' \) -print0 | sort -z | xargs -0 -r -n 64 -P "$(nproc)" clang-format-14 "${mode[@]}"
