#!/usr/bin/env bash
# Runs clang-tidy over the sources that differ from a commit (default: origin/main, else main), or
# over all of them. Not part of deploy/test.sh: CAF's templates cost it ten seconds and more a file.
# Usage: deploy/tidy.sh [--all | --since <commit>]
set -euo pipefail
cd "$(dirname "$0")/.."

since=
case "${1:-}" in
  '') since=$(git rev-parse --verify -q origin/main || git rev-parse --verify -q main) ;;
  --all) ;;
  --since) since=${2:?--since needs a commit} ;;
  *) echo "usage: deploy/tidy.sh [--all | --since <commit>]" >&2; exit 2 ;;
esac

cmake --preset clang >/dev/null
if [ -n "$since" ]; then
  mapfile -t files < <(git diff --name-only --diff-filter=d "$since" -- '*.cpp')
else
  mapfile -t files < <(git ls-files -- '*.cpp')
fi
if [ "${#files[@]}" -eq 0 ]; then
  echo "No source differs."
  exit 0
fi
printf '%s\0' "${files[@]}" |
  xargs -0 -n 1 -P "$(nproc)" clang-tidy-14 -p build/clang --quiet --warnings-as-errors='*'
