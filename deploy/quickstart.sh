#!/usr/bin/env bash
# From a fresh Debian 12 to two agents that talk: installs what is missing, builds the Release binary,
# lets two agents exchange messages through it, and prints how to give it to an MCP client. Nothing of what only
# the tests need is installed or compiled.
set -euo pipefail
cd "$(dirname "$0")/.."
exec </dev/null

deploy/install-dependencies.sh --quickstart
# What is compiled here need not be compiled again by deploy/test.sh.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
cmake --preset quickstart --log-level=WARNING
cmake --build --preset quickstart --target nats-mcp-server -j"$(nproc)"
server=$PWD/build/quickstart/bin/nats-mcp-server

printf '\n== Two agents talk (nats-mcp-server demo)\n\n'
"$server" demo

cat <<TEXT

== Use it

Claude Code, in the project you are in (--scope user before the name: in all of yours):

  claude mcp add nats-mcp -- $server

Any MCP client, in the .mcp.json of a project:

  {
    "mcpServers": {
      "nats-mcp": {
        "command": "$server"
      }
    }
  }

Without NATS_URL the agents of this machine share a local NATS that starts with the first message and
ends a minute after the last agent. For several machines set NATS_URL to a server they all reach.
TEXT
