#!/usr/bin/env bash
# Runs shellcheck over every shell script of the repository, and looks that each says what it does and
# stops at the first failure.
set -euo pipefail
cd "$(dirname "$0")/../.."

mapfile -t scripts < <(find . \( -name node_modules -o -name build -o -name .git -o -name .tools \) -prune -o \
  -type f -print0 | xargs -0 grep -lE -m 1 '^#!.*[/ ](ba)?sh$|^# shellcheck shell=' | sort)
[ "${#scripts[@]}" -ge 15 ]
shellcheck "${scripts[@]}"

failed=0
for script in "${scripts[@]}"; do
  if ! sed -n '2,3p' "$script" | grep -q '^# '; then
    echo "error: $script does not say what it does" >&2
    failed=1
  fi
  # What is read in by another script, or by an interactive shell, does not stop that.
  if head -n 1 "$script" | grep -q '^#!' && ! grep -qE '^set -(e|u|eu|uo|euo)' "$script"; then
    echo "error: $script goes on after a failure" >&2
    failed=1
  fi
done
echo "${#scripts[@]} scripts looked at."
exit "$failed"
