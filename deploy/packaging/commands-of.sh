#!/usr/bin/env bash
# Prints a block of commands of a page, so that a test runs what the page says:
#
#   commands-of.sh [--lines] <page> <what a line of the block begins with>
#
# --lines: only the lines that begin so, where others run the rest.
set -euo pipefail
lines=0
if [ "${1:-}" = --lines ]; then
  lines=1
  shift
fi
page=${1:?usage: commands-of.sh [--lines] <page> <beginning>}
beginning=${2:?usage: commands-of.sh [--lines] <page> <beginning>}

block=$(awk -v beginning="$beginning" -v lines="$lines" '
  /^ *```(bash|sh)$/ { inside = 1; block = ""; found = 0; next }
  /^ *```$/ { if (inside && found) printf "%s", block; inside = 0; next }
  inside { begins = index($0, beginning) == 1; if (begins) found = 1; if (begins || !lines) block = block $0 "\n" }' "$page")
if [ -z "$block" ]; then
  echo "error: $page has no commands that begin with '$beginning'" >&2
  exit 1
fi
printf '%s\n' "$block"
