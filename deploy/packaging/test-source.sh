# shellcheck shell=bash
# Part of deploy/test-package.sh: the commands of README.md and of docs/howto/install.md with the committed
# sources, on a Debian 12 that has nothing. The compiler's cache of this machine is used, unless CCACHE_DISABLE
# is set, as for measuring.

# with_sources <root> <command…>: in its sources, with the network.
# shellcheck disable=SC2154 # `cache`, `work` and `log` are test-package.sh's
with_sources() {
  local root=$1
  shift
  # The locale is part of what ccache compares, so that it has to be this machine's.
  # shellcheck disable=SC2016 # for the shell inside
  unshare --mount --pid --fork --kill-child sh -c '
    # A mount of its own, or no program in it could have a mount namespace.
    mount --bind "$1" "$1" && mount --bind "$2" "$1/var/cache/apt/archives" && mount -t proc proc "$1/proc" &&
      mount -t tmpfs run "$1/run" && mkdir -p "$1/dev/shm" && mount -t tmpfs shm "$1/dev/shm" || exit 1
    [ -z "$3" ] || mount --bind "$3" "$1/root/.cache/ccache" || exit 1
    root=$1 locale=$4; shift 4
    exec chroot "$root" env -i --chdir=/source PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG="$locale" \
      NODE_EXTRA_CA_CERTS=/etc/authorities.crt CCACHE_BASEDIR=/source CCACHE_NOHASHDIR=1 "$@"' \
    sh "$root" "$cache/archives" "$([ -n "${CCACHE_DISABLE:-}" ] || ccache --get-config cache_dir 2>/dev/null || true)" \
    "${LANG:-C.UTF-8}" "$@"
}

# For how many seconds processors have worked for what this shell started and what has ended.
seconds_worked() {
  awk -v ticks="$(getconf CLK_TCK)" '{ printf "%d", ($16 + $17) / ticks }' "/proc/$$/stat"
}

test_source() {
  local root=$work/source begin worked
  new_root source
  mkdir -p "$root/source" "$root/root/.cache/ccache"
  git archive HEAD | tar -C "$root/source" -x
  # Where a proxy stands before the registries, it has an authority of its own.
  install -m 644 "${NODE_EXTRA_CA_CERTS:-/etc/ssl/certs/ca-certificates.crt}" "$root/etc/authorities.crt"
  # What an installed system has and a minimal root has not.
  printf '127.0.0.1 localhost\n' >"$root/etc/hosts"
  # The second one is that of test-everything.sh.
  commands_of --lines README.md 'deploy/quickstart.sh' >"$root/tmp/commands"
  # The tutorial begins with the same one.
  commands_of docs/tutorials/first-conversation.md 'deploy/quickstart.sh' >/dev/null
  begin=$SECONDS worked=$(seconds_worked)
  say "source: $(cat "$root/tmp/commands")"
  quietly with_sources "$root" sh -e /tmp/commands
  grep -q 'Every message above is stored in NATS JetStream' "$log" || { tail -n 40 "$log" >&2; exit 1; }
  say "source: two agents talked after $((SECONDS - begin)) s, for $(($(seconds_worked) - worked)) of which a processor worked"
  say "source: the line for Claude Code was printed: $(sed -n 's/^ *\(claude mcp add .*\)/\1/p' "$log")"
  inside "$root" agent try-server /source/build/quickstart/bin/nats-mcp-server

  say "source: the packages, as docs/howto/install.md says"
  commands_of docs/howto/install.md 'deploy/install-dependencies.sh' >"$root/tmp/commands"
  quietly with_sources "$root" bash -euo pipefail /tmp/commands
  find "$root/source/build/release/packages" -name 'nats-mcp-server*' -printf '    %f, %s bytes\n'
}
