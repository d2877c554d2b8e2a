# shellcheck shell=bash
# Part of deploy/test-package.sh: the README's first command, from the committed sources, on a Debian 12 that
# has nothing. The compiler's cache of this machine is used.

# shellcheck disable=SC2154 # `work` and `log` are test-package.sh's
test_source() {
  local root=$work/source binds bind target
  new_root source
  mkdir -p "$root/source"
  git archive HEAD | tar -C "$root/source" -x
  mapfile -t binds < <(deploy/packaging/host-ccache.sh "$work" /source)
  say "source: deploy/quickstart.sh"
  for bind in "${binds[@]}"; do
    target=$root${bind#*:}
    if [ -d "${bind%%:*}" ]; then mkdir -p "$target"; else mkdir -p "$(dirname "$target")" && touch "$target"; fi
  done
  # shellcheck disable=SC2016 # for the shell inside
  quietly unshare --mount --pid --fork --kill-child sh -c '
    root=$1 archives=$2; shift 2
    for bind in "$@"; do mount --bind "${bind%%:*}" "$root${bind#*:}" || exit 1; done
    mount --bind "$archives" "$root/var/cache/apt/archives" && mount -t proc proc "$root/proc" &&
      mount -t tmpfs run "$root/run" || exit 1
    exec chroot "$root" env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
      /source/deploy/quickstart.sh' sh "$root" "$cache/archives" "${binds[@]}"
  grep -q 'Every message above is stored in NATS JetStream' "$log" || { tail -n 40 "$log" >&2; exit 1; }
  say "source: two agents talked, and the line for Claude Code was printed: $(sed -n 's/^ *\(claude mcp add .*\)/\1/p' "$log")"
  mkdir -p "$root/home/agent" && inside "$root" agent try-server /source/build/release/bin/nats-mcp-server
}
