# shellcheck shell=bash
# Part of deploy/test-package.sh: the units of the .deb under a systemd that is process 1, in a container of
# systemd-nspawn without a network. It needs Debian's package systemd-container.

# Runs inside, as a unit of its own; the first failure ends it, and the machine with it.
# shellcheck disable=SC2016 # for the shell inside
inside_systemd='#!/bin/bash
exec >/root/look.log 2>&1
trap "journalctl --no-pager --lines=15 --unit=nats-mcp-*; systemctl poweroff" EXIT
set -eux -o pipefail
export NATS_URL=nats://127.0.0.1:4222 HOME=/root
doctor() {
  for attempt in $(seq 50); do
    if nats-mcp-server doctor >/root/doctor.log; then return 0; fi
    sleep 0.2
  done
  cat /root/doctor.log
  return 1
}
process() { systemctl show --property=MainPID --value "$1"; }

systemctl is-active nats-server.service       # what Debian starts, on the same port
# It has no JetStream, so that agents leave it alone and have a private server.
env --unset=NATS_URL nats-mcp-server demo
nats-mcp-server local status
bash -eux /root/switch
[ "$(systemctl is-active nats-server.service)" != active ]
nats-mcp-server demo
[ "$(stat -c %u "/proc/$(process nats-mcp-nats)")" -ge 61184 ] # a user that exists only while it runs
[ "$(stat -c %a /var/lib/private/nats-mcp-nats)" = 700 ]
systemctl reload nats-mcp-nats.service
first=$(process nats-mcp-nats)
systemctl kill --signal=KILL nats-mcp-nats.service
doctor
[ "$(process nats-mcp-nats)" != "$first" ]
journalctl -u nats-mcp-nats --no-pager | grep -q "Restored 2 messages for stream .*ROADMAP"
cd /root
bash -eux /root/backup
[ -s nats-mcp-backup.tar.gz ]
# Another user than before, as after an installation on another machine.
tar -C /root -xzf nats-mcp-backup.tar.gz && chown -R 1234 jetstream && tar -czf nats-mcp-backup.tar.gz jetstream
bash -eux /root/restore
doctor
[ "$(journalctl -u nats-mcp-nats --no-pager | grep -c "Restored 2 messages for stream .*ROADMAP")" -ge 3 ]
systemctl enable nats-mcp-nats.service
systemctl start nats-mcp-coordinator.service
for attempt in $(seq 50); do
  if /root/coordinator-probe /readyz; then break; fi
  sleep 0.2
done
/root/coordinator-probe /readyz
systemctl stop nats-mcp-coordinator.service
[ "$(systemctl show --property=Result --value nats-mcp-coordinator)" = success ]
# A wrong setting: it is not tried again and again.
echo "NATS_MCP_HTTP_TOKEN=short" >>/etc/nats-mcp/coordinator.env
systemctl start nats-mcp-coordinator.service || true
sleep 2
[ "$(systemctl is-active nats-mcp-coordinator.service)" = failed ]
[ "$(systemctl show --property=NRestarts --value nats-mcp-coordinator)" = 0 ]
sed -i /short/d /etc/nats-mcp/coordinator.env
systemctl start nats-mcp-coordinator.service
first=$(process nats-mcp-nats)
apt-get install -q -y --reinstall /root/package.deb
[ "$(process nats-mcp-nats)" != "$first" ]    # an upgrade starts it again
apt-get purge -q -y nats-mcp-server
[ "$(systemctl is-active nats-mcp-nats.service)" != active ]
[ ! -e /etc/nats-mcp ]
[ ! -e /var/lib/private/nats-mcp-nats ]
[ ! -e /etc/systemd/system/multi-user.target.wants/nats-mcp-nats.service ]
touch /root/passed
'

# shellcheck disable=SC2154 # `work` and `log` are test-package.sh's
test_systemd() {
  local root=$work/systemd
  command -v systemd-nspawn >/dev/null || { echo "error: systemd-nspawn is not there: apt-get install systemd-container" >&2; exit 1; }
  new_root systemd
  cp "$(one 'nats-mcp-server_*.deb')" "$root/root/package.deb"
  say "systemd: installing systemd and the .deb"
  apt_in "$root" apt-get install -q -y --no-install-recommends systemd systemd-sysv dbus nats-server /root/package.deb
  install -m 755 deploy/docker/coordinator-probe.sh "$root/root/coordinator-probe"
  rm "$root/usr/sbin/policy-rc.d"
  printf '%s' "$inside_systemd" >"$root/usr/local/bin/look"
  chmod 755 "$root/usr/local/bin/look"
  printf '[Unit]\nAfter=multi-user.target nats-server.service\n[Service]\nExecStart=/usr/local/bin/look\n' \
    >"$root/etc/systemd/system/look.service"
  mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
  ln -s ../look.service "$root/etc/systemd/system/multi-user.target.wants/look.service"
  # What the documentation says, word for word.
  commands_of docs/howto/install.md 'sudo systemctl disable' >"$root/root/switch"
  commands_of docs/operations.md 'sudo tar -C /var/lib/nats-mcp-nats -czf' >"$root/root/backup"
  commands_of docs/operations.md 'sudo tar -C /var/lib/nats-mcp-nats -xzf' >"$root/root/restore"
  say "systemd: booting it"
  # Neither registered nor in a scope of its own: systemd need not be process 1 outside.
  quietly timeout 180 systemd-nspawn --directory="$root" --boot --register=no --keep-unit --private-network
  if [ ! -e "$root/root/passed" ]; then
    echo "error: failed in the container:" >&2
    tail -n 40 "$root/root/look.log" >&2
    exit 1
  fi
  say "systemd: started beside Debian's unit, reloaded, killed, saved, restored, upgraded and purged, as its own user"
}
