#!/usr/bin/env bash
# Builds the file system of the image with the Dockerfile's own steps, without a container engine, and
# runs the program in it as the image's user; then says what was not tested. Needs root, debootstrap and the
# mirror of this machine. The compiler's cache of this machine is used, so that it takes minutes, not an
# hour; not part of deploy/test.sh.
set -euo pipefail
cd "$(dirname "$0")/../.."
exec </dev/null

if [ "$(id -u)" -ne 0 ]; then
  echo "error: chroot needs root" >&2
  exit 1
fi
tests/support/install-node-packages.sh tests/deploy
work=$(mktemp -d /var/tmp/nats-mcp-image-test.XXXXXX)
trap 'rm -rf "$work"' EXIT
cache=${NATS_MCP_TEST_CACHE:-$HOME/.cache/nats-mcp}
size_max_mb=120
mkdir -p "$cache/archives/partial"

mapfile -t binds < <(deploy/packaging/host-ccache.sh "$work" /source)
binds+=("$cache/archives:/var/cache/apt/archives")
node deploy/docker/build-root.mjs deploy/docker/Dockerfile . "$work/build" "${binds[@]}" >"$work/image.json"
field() {
  node -p "const image = JSON.parse(fs.readFileSync('$work/image.json', 'utf8')); $1"
}
image=$(field image.directory)
user=$(field image.user)
size=$(du -sxm --apparent-size "$image" | cut -f1)
echo "The file system of the image has $size MB."
[ "$size" -lt "$size_max_mb" ]
[ "$user" = 10001:10001 ]

# inside <command…>: as the image's user, with its environment, with a network of loopback alone.
inside() {
  # shellcheck disable=SC2016 # for the shell inside
  unshare --net --mount --pid --fork --kill-child sh -c '
    ip link set lo up && mount -t proc proc "$1/proc" || exit 1
    root=$1 user=$2; shift 2
    exec chroot --userspec="$user" "$root" env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/home/agent \
      NATS_MCP_LOCAL=never "$@"' sh "$image" "$user" "$@"
}

install -m 755 deploy/packaging/try-server.sh "$image/tmp/try-server"
inside /tmp/try-server nats-mcp-server
if inside nats-mcp-server doctor >"$work/doctor"; then
  echo "error: the health check does not notice that there is no NATS server" >&2
  exit 1
fi
grep -q 'No NATS server' "$work/doctor"
install -m 755 /usr/sbin/nats-server "$image/tmp/nats-server"
# shellcheck disable=SC2016 # for the shell inside
inside bash -c '
  /tmp/nats-server -js -a 127.0.0.1 -sd /tmp/store >/tmp/nats.log 2>&1 &
  for attempt in $(seq 50); do
    NATS_URL=nats://127.0.0.1:4222 nats-mcp-server doctor >/tmp/doctor.log && break
    sleep 0.1
  done
  NATS_URL=nats://127.0.0.1:4222 nats-mcp-server doctor >/tmp/doctor.log || exit 1
  NATS_URL=nats://127.0.0.1:4222 nats-mcp-server demo >/tmp/demo.log 2>&1 || exit 1
  export NATS_URL=nats://127.0.0.1:4222 NATS_MCP_HTTP_TOKEN=0123456789abcdef0123456789abcdef
  nats-mcp-coordinator --http 0.0.0.0:7280 2>/tmp/coordinator.log &
  # It looks for 6 seconds whether somebody leads.
  for attempt in $(seq 200); do
    coordinator-probe /readyz 2>/dev/null && exit 0
    sleep 0.1
  done
  exit 1' ||
  { cat "$image"/tmp/*.log >&2; exit 1; }
echo "In it, as user $user: initialize and tools/list, the health check with and without NATS, two agents that talk, a coordinator that is ready."
cat <<'TEXT'
Not tested here: a container engine. No image was built or pulled, nothing ran in a container, docker-compose.yml was
checked against its schema and not started, and the image of nats-server was never run.
TEXT
