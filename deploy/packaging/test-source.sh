# shellcheck shell=bash
# Part of deploy/test-package.sh: the README's first command, from the committed sources, on a Debian 12 that
# has nothing. The compiler's cache of this machine is used.

# shellcheck disable=SC2154 # `work` and `log` are test-package.sh's
test_source() {
  local root=$work/source
  new_root source
  mkdir -p "$root/source"
  git archive HEAD | tar -C "$root/source" -x
  mkdir -p "$root/root/.cache/ccache"
  # Where a proxy stands before the registries, it has an authority of its own.
  install -m 644 "${NODE_EXTRA_CA_CERTS:-/etc/ssl/certs/ca-certificates.crt}" "$root/etc/authorities.crt"
  say "source: deploy/quickstart.sh"
  # The locale is part of what ccache compares, so that it has to be this machine's.
  # shellcheck disable=SC2016 # for the shell inside
  quietly unshare --mount --pid --fork --kill-child sh -c '
    mount --bind "$2" "$1/var/cache/apt/archives" && mount -t proc proc "$1/proc" && mount -t tmpfs run "$1/run" || exit 1
    [ -z "$3" ] || mount --bind "$3" "$1/root/.cache/ccache" || exit 1
    exec chroot "$1" env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG="$4" \
      NODE_EXTRA_CA_CERTS=/etc/authorities.crt CCACHE_BASEDIR=/source CCACHE_NOHASHDIR=1 /source/deploy/quickstart.sh' \
    sh "$root" "$cache/archives" "$(ccache --get-config cache_dir 2>/dev/null || true)" "${LANG:-C.UTF-8}"
  grep -q 'Every message above is stored in NATS JetStream' "$log" || { tail -n 40 "$log" >&2; exit 1; }
  say "source: two agents talked, and the line for Claude Code was printed: $(sed -n 's/^ *\(claude mcp add .*\)/\1/p' "$log")"
  mkdir -p "$root/home/agent" && inside "$root" agent try-server /source/build/release/bin/nats-mcp-server
}
