# shellcheck shell=bash
# Part of deploy/test-package.sh: the tarball where nothing of what it needs is installed.

# shellcheck disable=SC2154 # `work` and `log` are test-package.sh's
test_tarball() {
  local root=$work/tarball tarball missing
  tarball=$(one 'nats-mcp-server-*.tar.gz')
  new_root tarball
  mkdir -p "$root/opt" "$root/home/agent/a folder"
  tar -C "$root/opt" --strip-components=1 --one-top-level=nats-mcp -xf "$tarball"
  # shellcheck disable=SC2016 # for the shell inside
  missing=$(inside "$root" agent sh -c 'for package in libcaf-core0.17 libnats3.4 libspdlog1.10-fmt9 libfmt9 libssl3; do
    dpkg-query -W "$package" >/dev/null 2>&1 || echo "$package"; done' | wc -l)
  say "tarball: unpacked where $missing of 5 libraries are not installed"
  inside "$root" agent try-server /opt/nats-mcp/bin/nats-mcp-server
  mv "$root/opt/nats-mcp" "$root/home/agent/a folder/"
  inside "$root" agent try-server "/home/agent/a folder/nats-mcp/bin/nats-mcp-server"
  say "tarball: as docs/howto/install.md says"
  install -m 644 "$tarball" "$root/home/agent"
  commands_of docs/howto/install.md 'mkdir -p ~/.local/opt' >"$root/tmp/commands"
  quietly inside "$root" agent bash -euo pipefail -c 'cd && . /tmp/commands && try-server nats-mcp-server'
  print_permissions "$root" "/home/agent/a folder/nats-mcp/share/doc/nats-mcp-server"
  inside "$root" agent ln -s "/home/agent/a folder/nats-mcp/bin/nats-mcp-server" /home/agent/linked
  inside "$root" agent try-server /home/agent/linked
  say "tarball: works where it was unpacked, where it was moved, and through a link"
  apt_in "$root" apt-get install -q -y --no-install-recommends nats-server
  inside "$root" agent /home/agent/linked demo >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
  say "tarball: two agents talked (nats-mcp-server demo)"
}
