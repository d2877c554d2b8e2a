# shellcheck shell=bash
# Part of deploy/test-package.sh: the second command of README.md, which takes the better part of an hour, with
# the committed sources, on a Debian 12 that has nothing.

# shellcheck disable=SC2154 # `work` and `log` are test-package.sh's
test_everything() {
  local root=$work/source
  # shellcheck source=/dev/null
  . deploy/packaging/test-source.sh
  [ -d "$root" ] || test_source
  commands_of --lines README.md 'deploy/test.sh' >"$root/tmp/commands"
  say "everything: $(cat "$root/tmp/commands")"
  quietly with_sources "$root" sh -e /tmp/commands
  sed -n '/^== summary/,$p' "$log"
}
