#!/usr/bin/env bash
# Whether the coordinator in this container answers 200: coordinator-probe /healthz, or /readyz. For the
# health checks of Docker and Kubernetes, since the image has no HTTP client.
set -euo pipefail

exec 3<>"/dev/tcp/127.0.0.1/${COORDINATOR_PORT:-7280}"
printf 'GET %s HTTP/1.0\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n' \
  "${1:?usage: coordinator-probe PATH}" "${NATS_MCP_HTTP_TOKEN:-}" >&3
read -r -t 3 _ status _ <&3
[ "$status" = 200 ]
