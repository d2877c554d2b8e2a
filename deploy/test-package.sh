#!/usr/bin/env bash
# Installs, runs, upgrades and purges the packages in clean Debian 12 roots, and says what it did not
# test. Needs root, debootstrap, systemd-container and the mirror of this machine; not part of deploy/test.sh, since it
# takes minutes.
#
#   deploy/test-package.sh [--packages DIRECTORY] [deb] [systemd] [tarball] [npm] [source] [everything]
#
# Default: deb, systemd, tarball and npm, of build/release/packages, where deploy/package.sh puts them. source:
# what is committed, built and packed as the README and docs/howto/install.md say; everything: the README's
# second command after it. Where a page says how it is done, the page's own commands are run. Programs run in
# network and process namespaces of their own.
set -euo pipefail
cd "$(dirname "$0")/.."
exec </dev/null

packages=build/release/packages
kinds=()
while [ $# -gt 0 ]; do
  case "$1" in
    --packages) packages=${2:?--packages needs a directory}; shift ;;
    --help) sed -n '2,12s/^# \{0,1\}//p' "$0"; exit 0 ;;
    deb | systemd | tarball | npm | source | everything) kinds+=("$1") ;;
    *) echo "usage: deploy/test-package.sh [--packages DIRECTORY] [deb] [systemd] [tarball] [npm] [source] [everything]" >&2; exit 2 ;;
  esac
  shift
done
[ "${#kinds[@]}" -gt 0 ] || kinds=(deb systemd tarball npm)
if [ "$(id -u)" -ne 0 ]; then
  echo "error: chroot needs root" >&2
  exit 1
fi

cache=${NATS_MCP_TEST_CACHE:-$HOME/.cache/nats-mcp}
work=$(mktemp -d /var/tmp/nats-mcp-package-test.XXXXXX)
trap 'rm -rf "$work"' EXIT
log=$work/log
started=$SECONDS

say() {
  printf '[%3d s] %s\n' $((SECONDS - started)) "$*"
}

# Runs a command and shows what it printed only if it failed.
quietly() {
  if ! "$@" >"$log" 2>&1; then
    echo "error: failed: $*" >&2
    tail -n 40 "$log" >&2
    exit 1
  fi
}

# apt's root: with the network, and with the packages that earlier runs have fetched.
apt_in() {
  local root=$1
  shift
  # shellcheck disable=SC2016 # for the shell inside
  quietly unshare --mount --fork sh -c '
    mount --bind "$1" "$2/var/cache/apt/archives" && mount -t proc proc "$2/proc" && mount -t tmpfs run "$2/run" || exit 1
    root=$2; shift 2
    exec chroot "$root" env DEBIAN_FRONTEND=noninteractive LC_ALL=C "$@"' sh "$cache/archives" "$root" "$@"
}

# inside <root> <user> <command…>: without a network but loopback, and nothing outlives it.
inside() {
  local root=$1 user=$2
  shift 2
  # shellcheck disable=SC2016 # for the shell inside
  unshare --net --mount --pid --fork --kill-child sh -c '
    ip link set lo up && mount -t proc proc "$1/proc" && mount -t tmpfs run "$1/run" || exit 1
    root=$1 user=$2; shift 2
    exec chroot --userspec="$user" "$root" env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/home/agent LC_ALL=C.UTF-8 "$@"' \
    sh "$root" "$user" "$@"
}

new_root() {
  deploy/packaging/clean-root.sh "$work/$1"
  install -m 755 deploy/packaging/try-server.sh "$work/$1/usr/local/bin/try-server"
  install -m 755 tests/deploy/stand_ins/claude tests/deploy/stand_ins/sudo "$work/$1/usr/local/bin"
  # Nobody is there to say yes.
  echo 'APT::Get::Assume-Yes "true";' >"$work/$1/etc/apt/apt.conf.d/assume-yes"
  chroot "$work/$1" useradd --create-home --uid 1000 agent
  apt_in "$work/$1" apt-get update -q
}

# commands_of <page> <beginning>: a block of a page's commands, as it stands there.
commands_of() {
  deploy/packaging/commands-of.sh "$@"
}

# print_permissions <root> <documentation folder>: the commands of a page, with the scripts that a package has.
print_permissions() {
  commands_of docs/howto/nats-permissions.md '   deploy/nats/agent-permissions.sh' >"$1/tmp/permissions"
  # shellcheck disable=SC2016 # for the shell inside
  quietly inside "$1" agent bash -euo pipefail -c '
    mkdir /tmp/users && cd /tmp/users && ln -s "$1/deploy" deploy && . /tmp/permissions && [ -s ann.conf ] && [ -s guest.conf ]' \
    bash "$2"
  say "${FUNCNAME[1]#test_}: the permissions of NATS users were printed"
}

# one <pattern>: the one file that it names.
one() {
  local found
  found=$(find "$packages" -maxdepth 1 -name "$1")
  if [ "$(wc -l <<<"$found")" -ne 1 ] || [ -z "$found" ]; then
    echo "error: exactly one $1 was expected in $packages; deploy/package.sh makes it" >&2
    exit 1
  fi
  echo "$found"
}

for kind in "${kinds[@]}"; do
  # shellcheck source=/dev/null
  . "deploy/packaging/test-$kind.sh"
  "test_$kind"
done

cat <<TEXT
[$(printf '%3d' $((SECONDS - started))) s] Passed: ${kinds[*]}.
Not tested here: other releases and distributions than Debian 12; other processors than $(uname -m).
TEXT
