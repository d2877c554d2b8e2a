#!/usr/bin/env bash
# Builds the Release binary and measures it against its budgets and against nats.c on the same
# nats-server. Prints tables, keeps nothing. Arguments are those of build/release/bin/benchmarks
# (a subcommand such as `send`; default: `all`). The machine should have nothing else to do.
set -euo pipefail
cd "$(dirname "$0")/.."

cmake --preset release --log-level=WARNING
cmake --build --preset release --target nats-mcp-server benchmarks -j"$(nproc)" >&2
[ $# -gt 0 ] || set -- all
echo "$(date -u +%F) $(git describe --always --dirty 2>/dev/null || true), $(nproc) processors, $(nats-server --version)"
exec build/release/bin/benchmarks --server build/release/bin/nats-mcp-server "$@"
