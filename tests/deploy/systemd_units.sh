#!/usr/bin/env bash
# systemd's own opinion of our units: that they are understood to the last line, and how exposed they are.
# Programs need not be installed here; deploy/test-package.sh looks at that.
set -euo pipefail
cd "$(dirname "$0")/../../deploy/packaging/systemd"
# Of 100; an ordinary service without any of these settings has about 96.
exposure_max=15

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
for unit in *.service; do
  sed 's#^\(Exec[A-Za-z]*\)=/usr/[^ ]*#\1=/bin/true#' "$unit" >"$work/$unit"
  if ! systemd-analyze verify --man=no "$work/$unit" >"$work/log" 2>&1 || [ -s "$work/log" ]; then
    cat "$work/log" >&2
    failed=1
  fi
  if ! systemd-analyze security --offline=true --threshold="$exposure_max" "$work/$unit" >"$work/log"; then
    tail -n 1 "$work/log" >&2
    failed=1
  fi
done
# The test of the test: an unknown setting and an open unit are complained of.
printf '[Service]\nExecStart=/bin/true\nProtectEverything=yes\n' >"$work/wrong.service"
systemd-analyze verify --man=no "$work/wrong.service" 2>&1 | grep -q ProtectEverything
if systemd-analyze security --offline=true --threshold="$exposure_max" "$work/wrong.service" >/dev/null; then
  echo "error: a unit without any protection passes" >&2
  failed=1
fi
exit "$failed"
