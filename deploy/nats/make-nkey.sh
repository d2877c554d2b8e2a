#!/usr/bin/env bash
# Makes the NKey of a NATS user with what Debian has: openssl and coreutils. Writes its seed into a
# file for the agent and prints the public key for nats-server's configuration
# (docs/howto/secure-nats.md). `nk -gen user` does the same.
set -euo pipefail
export LC_ALL=C

usage() {
  cat >&2 <<'TEXT'
make-nkey.sh FILE
  FILE    where the seed goes, readable for its owner alone; must not exist yet
  --help  this text
TEXT
}

case "${1:-}" in
  --help) usage; exit 0 ;;
  '' | -*) usage; exit 2 ;;
esac
[ $# -eq 1 ] || { usage; exit 2; }
file=$1
[ ! -e "$file" ] || { echo "make-nkey.sh: $file exists already" >&2; exit 1; }

# The layout of nkeys (github.com/nats-io/nkeys): prefix, key, CRC-16/XMODEM, all in base32.
# encode PREFIX-HEX KEY-HEX
encode() {
  local hex=$1$2 crc=0 bytes='' i bit
  for ((i = 0; i < ${#hex}; i += 2)); do
    ((crc ^= 0x${hex:i:2} << 8, 1))
    for ((bit = 0; bit < 8; ++bit)); do
      ((crc = (crc & 0x8000 ? crc << 1 ^ 0x1021 : crc << 1) & 0xffff, 1))
    done
  done
  hex+=$(printf '%02x%02x' $((crc & 0xff)) $((crc >> 8)))
  for ((i = 0; i < ${#hex}; i += 2)); do
    bytes+=\\x${hex:i:2}
  done
  # shellcheck disable=SC2059 # the format is the bytes
  printf "$bytes" | base32 -w 0 | tr -d =
}

# The last 32 bytes of an Ed25519 key in DER are the key itself.
last_32_bytes() { tail -c 32 | od -An -tx1 -v | tr -d ' \n'; }

umask 077
secret=$(openssl genpkey -algorithm ed25519 -outform DER | base64 -w 0)
seed=$(base64 -d <<<"$secret" | last_32_bytes)
public=$(base64 -d <<<"$secret" | openssl pkey -inform DER -pubout -outform DER | last_32_bytes)
# 18 << 3 | 20 << 3 >> 5 and the rest of 20 << 3: the seed of a user. 20 << 3: a user.
printf '%s\n' "$(encode 9500 "$seed")" >"$file"
printf '%s\n' "$(encode a0 "$public")"
