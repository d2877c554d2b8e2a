#!/usr/bin/env bash
# Prints a block of commands of a page, so that a test runs what the page says:
#
#   commands-of.sh <page> <what a line of the block begins with>
set -euo pipefail
page=${1:?usage: commands-of.sh <page> <beginning>}
beginning=${2:?usage: commands-of.sh <page> <beginning>}

block=$(awk -v beginning="$beginning" '
  /^ *```(bash|sh)$/ { inside = 1; block = ""; found = 0; next }
  /^ *```$/ { if (inside && found) printf "%s", block; inside = 0; next }
  inside { if (index($0, beginning) == 1) found = 1; block = block $0 "\n" }' "$page")
if [ -z "$block" ]; then
  echo "error: $page has no commands that begin with '$beginning'" >&2
  exit 1
fi
printf '%s\n' "$block"
