#!/usr/bin/env bash
# Fills an empty directory with a fresh, minimal Debian 12 from the mirror of this machine, for tests
# that run in it by chroot. The first time takes a minute or two; then it is unpacked from
# ~/.cache/nats-mcp (or NATS_MCP_TEST_CACHE), where downloaded packages are kept as well.
#
#   clean-root.sh <directory>          needs root
set -euo pipefail

directory=${1:?usage: clean-root.sh <directory>}
cache=${NATS_MCP_TEST_CACHE:-$HOME/.cache/nats-mcp}
mirror=http://deb.debian.org/debian
image=$cache/bookworm-minbase.tar

mkdir -p "$cache/archives/partial" "$directory"
if [ ! -e "$image" ]; then
  folder=$(mktemp -d "$cache/debootstrap.XXXXXX")
  trap 'rm -rf "$folder"' EXIT
  debootstrap --variant=minbase bookworm "$folder" "$mirror" >"$cache/debootstrap.log" 2>&1 || {
    tail -n 20 "$cache/debootstrap.log" >&2
    exit 1
  }
  cat >"$folder/etc/apt/sources.list" <<LIST
deb $mirror bookworm main
deb $mirror bookworm-updates main
deb $mirror-security bookworm-security main
LIST
  rm -rf "$folder"/var/cache/apt/archives/*.deb
  # No flush after every file: nobody needs this root after a crash of the machine.
  echo force-unsafe-io >"$folder/etc/dpkg/dpkg.cfg.d/unsafe-io"
  # Nothing starts a service in a chroot.
  printf '#!/bin/sh\nexit 101\n' >"$folder/usr/sbin/policy-rc.d"
  chmod 755 "$folder/usr/sbin/policy-rc.d"
  tar --numeric-owner -C "$folder" -cf "$image.new" .
  mv "$image.new" "$image"
fi
tar --numeric-owner -C "$directory" -xf "$image"
chmod 755 "$directory"
# How this machine reaches its mirror holds for the root as well.
cp -L /etc/resolv.conf "$directory/etc/resolv.conf"
