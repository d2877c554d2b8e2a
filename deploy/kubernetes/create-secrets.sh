#!/usr/bin/env bash
# Prints the Secrets that the manifests need, with fresh random passwords, as YAML for kubectl:
#
#   deploy/kubernetes/create-secrets.sh | kubectl create -f -
#
# `create`, not `apply`: it fails where they exist, and so never replaces passwords that are in use.
# Needs openssl.
set -euo pipefail

# Begins with a letter and has letters and digits only: nats-server would read others as numbers.
password() {
  printf 'p%s' "$(openssl rand -hex 24)"
}

cat <<YAML
apiVersion: v1
kind: Secret
metadata:
  name: nats-users
  namespace: nats-mcp
type: Opaque
stringData:
  AGENT_PASSWORD: $(password)
  COORDINATOR_PASSWORD: $(password)
  CLUSTER_PASSWORD: $(password)
---
apiVersion: v1
kind: Secret
metadata:
  name: coordinator
  namespace: nats-mcp
type: Opaque
stringData:
  HTTP_TOKEN: $(password)
YAML
