# shellcheck shell=bash
# Part of deploy/test-package.sh: the .deb from its installation to its purge.

# Every path that a package could leave behind, with what apt and dpkg note for themselves left out.
# shellcheck disable=SC2154 # `work` and `log` are test-package.sh's
files_of() {
  find "$1" -xdev \( -path "$1/proc" -o -path "$1/run" -o -path "$1/tmp" -o -path "$1/var/lib/apt" -o \
    -path "$1/var/lib/dpkg" -o -path "$1/var/cache" -o -path "$1/var/log" \) -prune -o -print | sort
}

test_deb() {
  local root=$work/deb deb unit level
  deb=$(one 'nats-mcp-server_*.deb')
  new_root deb
  cp "$deb" "$root/tmp"
  commands_of docs/howto/install.md 'sudo apt install' >"$root/tmp/commands"
  say "deb: installing what it depends on, nats-server and systemd"
  apt_in "$root" apt-get install -q -y --no-install-recommends systemd man-db bash-completion nats-server
  apt_in "$root" apt-get satisfy -q -y --no-install-recommends "$(dpkg-deb -f "$deb" Depends)"
  files_of "$root" >"$work/before"

  say "deb: $(head -n 1 "$root/tmp/commands")"
  apt_in "$root" sh -c 'cd /tmp && head -n 1 commands | sh -e'
  inside "$root" agent try-server nats-mcp-server
  quietly inside "$root" agent bash -euo pipefail -c 'sed 1d /tmp/commands >/tmp/rest && cd && . /tmp/rest'
  say "deb: two agents talked (nats-mcp-server demo, as a user), and the program answers as Claude Code starts it"
  print_permissions "$root" /usr/share/doc/nats-mcp-server
  quietly inside "$root" agent man --warnings=w -E UTF-8 nats-mcp-server
  # shellcheck disable=SC2016 # for the shell inside
  inside "$root" agent bash -c '
    . /usr/share/bash-completion/bash_completion
    _completion_loader nats-mcp-server
    COMP_WORDS=(nats-mcp-server local st) COMP_CWORD=2
    _nats_mcp_server
    [ "${COMPREPLY[*]}" = "start stop status" ]' || { echo "error: the completion does not complete" >&2; exit 1; }
  say "deb: man page and completion work"

  for unit in "$root"/usr/lib/systemd/system/nats-mcp-*.service; do
    unit=$(basename "$unit")
    # man knows only the host's pages; what is wrong with the unit comes with its name.
    if ! inside "$root" root systemd-analyze verify --man=no "$unit" >"$log" 2>&1 || [ -s "$log" ]; then
      echo "error: systemd-analyze verify $unit" >&2
      cat "$log" >&2
      exit 1
    fi
    level=$(inside "$root" root systemd-analyze security --offline=true --threshold=15 \
      "/usr/lib/systemd/system/$unit" | sed -n 's/.*exposure level for [^:]*: \([0-9.]* [A-Z]*\).*/\1/p')
    say "deb: $unit verified, exposure level ${level:?}"
  done
  # As the unit does, but by hand: its user, its directory, its command line.
  # shellcheck disable=SC2016
  inside "$root" root sh -c '
    mkdir -m 700 /var/lib/private/nats-mcp-nats && chown agent /var/lib/private/nats-mcp-nats &&
    ln -s private/nats-mcp-nats /var/lib/nats-mcp-nats && chmod 711 /var/lib/private &&
    command=$(sed -n "s/^ExecStart=//p" /usr/lib/systemd/system/nats-mcp-nats.service) &&
    setpriv --reuid agent --regid agent --clear-groups $command 2>/tmp/nats.log &
    for attempt in $(seq 50); do
      NATS_URL=nats://127.0.0.1:4222 nats-mcp-server doctor >/tmp/doctor.log && exit 0
      sleep 0.1
    done
    cat /tmp/doctor.log /tmp/nats.log; exit 1' >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
  say "deb: the NATS server runs with the shipped configuration, and doctor finds nothing to complain of"

  say "deb: upgrade keeps an edited configuration, remove keeps it too, purge leaves nothing"
  quietly inside "$root" root systemctl enable nats-mcp-nats.service
  echo '# edited' >>"$root/etc/nats-mcp/nats-server.conf"
  apt_in "$root" apt-get install -q -y --no-install-recommends --reinstall "/tmp/$(basename "$deb")"
  tail -n 1 "$root/etc/nats-mcp/nats-server.conf" | grep -qx '# edited'
  apt_in "$root" apt-get remove -q -y nats-mcp-server
  tail -n 1 "$root/etc/nats-mcp/nats-server.conf" | grep -qx '# edited'
  [ -d "$root/var/lib/private/nats-mcp-nats/jetstream" ]
  apt_in "$root" apt-get purge -q -y nats-mcp-server
  # The engine of a user is the user's, and stays.
  rm -rf "$root/home/agent/.local" "$root/home/agent/.claude-stand-in"
  files_of "$root" >"$work/after"
  if ! diff "$work/before" "$work/after" >"$log"; then
    echo "error: this differs from before the installation:" >&2
    cat "$log" >&2
    exit 1
  fi
}
