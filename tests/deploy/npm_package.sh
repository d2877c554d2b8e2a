#!/usr/bin/env bash
# Packs the npm package of a build, installs it from the file, without a network, and speaks MCP with what
# npx and the linked command start; then looks at exit codes and signals.
#
#   npm_package.sh <build directory>
set -euo pipefail
build=$(realpath "$1")
cd "$(dirname "$0")/../.."
try_server=$PWD/deploy/packaging/try-server.sh commands_of=$PWD/deploy/packaging/commands-of.sh
page=$PWD/deploy/npm/README.md

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Nothing of this user: no configuration, no cache, no engine.
export HOME=$work npm_config_cache=$work/cache NATS_MCP_LOCAL=never
unset NATS_URL

package=$(deploy/npm/build.sh --build "$build" --output "$work")
mkdir "$work/project"
cd "$work/project"
npm install --offline --no-audit --no-fund --silent "$package"
"$try_server" npx --no-install nats-mcp-server
"$try_server" node_modules/.bin/nats-mcp-server
# A package with two commands: npx takes the one with its name, and finds the other.
npx --no-install nats-mcp-coordinator --version

complain() {
  echo "error: $*" >&2
  exit 1
}

# npm leaves out what it does not know of: what the other tests find installed has to be in the package as well.
documents=node_modules/nats-mcp-server/share/doc/nats-mcp-server
[ -x "$documents/deploy/nats/make-nkey.sh" ] || complain "the package has no make-nkey.sh that can be run"
for file in .claude-plugin/marketplace.json deploy/claude-plugin/.mcp.json third-party/libcli11-dev third-party/common-licenses/Apache-2.0; do
  [ -e "$documents/$file" ] || complain "the package has no $file"
done

# What its page says. Without NATS doctor ends with 1: that, and no other number, has to come through.
status=0
"$commands_of" "$page" 'npx nats-mcp-server doctor' >"$work/commands"
bash "$work/commands" >"$work/doctor" || status=$?
[ "$status" -eq 1 ] || complain "npx passed $status on for 1"
grep -q 'No NATS server' "$work/doctor" || complain "doctor did not say what is wrong"

# The linked command is the program itself: a signal reaches it, and it ends in order.
mkfifo "$work/input"
node_modules/.bin/nats-mcp-server <"$work/input" >/dev/null 2>"$work/log" &
server=$!
exec 9>"$work/input"
for _ in $(seq 100); do
  grep -q server.started "$work/log" && break
  sleep 0.05
done
[ "$(readlink "/proc/$server/exe")" = "$work/project/node_modules/nats-mcp-server/bin/nats-mcp-server" ] ||
  complain "something stands between the command and the program"
kill -TERM "$server"
status=0
wait "$server" || status=$?
[ "$status" -eq 0 ] || complain "it ended with $status after SIGTERM"
echo "Exit codes and signals come through."
