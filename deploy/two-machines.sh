#!/usr/bin/env bash
# Follows docs/tutorials/two-machines.md on one machine, word for word: two network namespaces with a cable
# between them are its two computers. A nats-server runs in one, an agent in each, and what they are answered
# has to be what the page shows. Whatever happens, nothing of it is left behind.
#
#   deploy/two-machines.sh [--bin DIRECTORY]     where the programs are; default: build/release/bin
#
# Needs root, or a kernel that lets users have namespaces; in a container it has to be --privileged.
set -euo pipefail
cd "$(dirname "$0")/.."
exec </dev/null

complain() {
  echo "error: $*" >&2
  exit 1
}

# Takes away what is left, however it ends.
finish() {
  [ -z "$machines" ] || kill -KILL "$machines" 2>/dev/null || true
  # Who was killed may write for a moment yet.
  for _ in $(seq 50); do
    rm -rf "$work" 2>/dev/null && break
    sleep 0.1
  done
}

programs=build/release/bin
inside=
while [ $# -gt 0 ]; do
  case "$1" in
    --bin) programs=${2:?--bin needs a directory}; shift ;;
    --inside) inside=${2:?--inside needs a directory for homes}; shift ;;
    --help) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "usage: deploy/two-machines.sh [--bin DIRECTORY]" >&2; exit 2 ;;
  esac
  shift
done

if [ -z "$inside" ]; then
  [ -x "$programs/nats-mcp-server" ] || complain "there is no $programs/nats-mcp-server; build it, or name its folder with --bin"
  command -v ip >/dev/null || PATH=$PATH:/usr/sbin:/sbin
  command -v ip >/dev/null || complain "'ip' is not there: apt-get install iproute2"
  # Everything below lives in these namespaces, and ends with them.
  namespaces=(--net --mount --pid --fork --kill-child --mount-proc)
  [ "$(id -u)" -eq 0 ] || namespaces+=(--map-root-user)
  if ! refusal=$(unshare "${namespaces[@]}" true 2>&1); then
    complain "namespaces are not permitted here (${refusal#unshare: }): run it as root, in a container with --privileged"
  fi
  work=$(mktemp -d)
  machines=
  trap finish EXIT
  trap 'exit 1' INT TERM HUP
  setpriv --pdeathsig KILL unshare "${namespaces[@]}" "$0" --inside "$work" --bin "$(realpath "$programs")" &
  machines=$!
  status=0
  wait "$machines" || status=$?
  machines=
  exit "$status"
fi

mount -t tmpfs run /run
mkdir /run/netns
address=1
for machine in alpha beta; do
  ip netns add "$machine"
done
ip link add name eth0 netns alpha type veth peer name eth0 netns beta || complain "the kernel has no veth"
for machine in alpha beta; do
  ip -n "$machine" address add "10.77.0.$address/24" dev eth0
  ip -n "$machine" link set eth0 up
  ip -n "$machine" link set lo up
  address=$((address + 1))
done

node=.tools/node/bin/node
[ -x "$node" ] || node=node
"$node" tests/deploy/two_machines.mjs "$programs" "$inside"
