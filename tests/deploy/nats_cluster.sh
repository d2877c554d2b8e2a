#!/usr/bin/env bash
# Runs three nats-servers on loopback with the very configuration of deploy/kubernetes/base, on other ports,
# and lets two agents talk through them with three copies of every stream; then starts a coordinator as the
# manifests do and asks it as their probe does. Clients are told of no server's address. Passwords are those that create-secrets.sh makes.
#
#   nats_cluster.sh <nats-mcp-server> <nats-mcp-coordinator>
set -euo pipefail
server=$(realpath "$1")
coordinator=$(realpath "$2")
cd "$(dirname "$0")/../.."
configuration=deploy/kubernetes/base/nats

work=$(mktemp -d)
servers=()
finish() {
  [ "${#servers[@]}" -eq 0 ] || kill -KILL "${servers[@]}" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
nats_server=$(PATH=$PATH:/usr/sbin command -v nats-server)

deploy/kubernetes/create-secrets.sh >"$work/secrets.yaml"
for name in AGENT_PASSWORD COORDINATOR_PASSWORD CLUSTER_PASSWORD; do
  export "$name=$(sed -n "s/^  $name: //p" "$work/secrets.yaml")"
done

# Nine free ports: those at which nobody answers now. Another process may take one meanwhile, so that
# starting is tried again with others.
start() {
  local first=$((20000 + RANDOM % 10000)) node
  export ROUTE_0="nats://cluster:$CLUSTER_PASSWORD@127.0.0.1:$((first + 6))"
  export ROUTE_1="nats://cluster:$CLUSTER_PASSWORD@127.0.0.1:$((first + 7))"
  export ROUTE_2="nats://cluster:$CLUSTER_PASSWORD@127.0.0.1:$((first + 8))"
  for node in 0 1 2; do
    mkdir -p "$work/$node"
    for file in nats.conf cluster.conf tls.conf; do
      sed -e "s/0\.0\.0\.0:4222/127.0.0.1:$((first + node))/" -e "s/0\.0\.0\.0:8222/127.0.0.1:$((first + 3 + node))/" \
        -e "s/0\.0\.0\.0:6222/127.0.0.1:$((first + 6 + node))/" -e "s|\"/data\"|\"$work/$node/data\"|" \
        "$configuration/$file" >"$work/$node/$file"
    done
    SERVER_NAME=nats-$node "$nats_server" --config "$work/$node/nats.conf" >"$work/$node/log" 2>&1 &
    servers+=($!)
    disown
  done
  client=nats://127.0.0.1:$first
  monitor=http://127.0.0.1:$((first + 3))
}

# ask <path>: what the first server's monitor says.
ask() {
  node -e 'fetch(process.argv[1]).then(async answer => {
    console.log(await answer.text()); process.exitCode = answer.ok ? 0 : 1; }).catch(() => { process.exitCode = 1; })' "$monitor$1"
}

all_run() {
  local server
  for server in "${servers[@]}"; do
    kill -0 "$server" 2>/dev/null || return 1
  done
}

ready=false
for _ in 1 2 3; do
  start
  for _ in $(seq 40); do
    # All of them: a cluster of two also answers.
    if ask '/healthz?js-server-only=true' >/dev/null && [ "$(ask /routez | grep -c '"remote_id"')" -ge 2 ]; then
      ready=true
      break 2
    fi
    all_run || break
    sleep 0.1
  done
  kill -KILL "${servers[@]}" 2>/dev/null || true
  servers=()
done
$ready || { echo "error: no cluster" >&2; tail -n 5 "$work"/?/log >&2; exit 1; }

# The first line a server says to whoever connects. Addresses of pods would stand in it.
exec 3<>"/dev/tcp/127.0.0.1/${client##*:}"
IFS= read -r -t 5 said <&3 || said="nothing"
exec 3>&-
case "$said" in
  *'"connect_urls"'*) echo "error: clients are told addresses of the cluster: $said" >&2; exit 1 ;;
  'INFO {'*'"cluster":"nats-mcp"'*) ;;
  *) echo "error: this is no greeting of the cluster: $said" >&2; exit 1 ;;
esac

export NATS_URL=$client NATS_USER=agent NATS_MCP_REPLICAS=3 HOME=$work
if NATS_PASSWORD=wrong "$server" doctor >/dev/null; then
  echo "error: a wrong password is accepted" >&2
  exit 1
fi
NATS_PASSWORD=$AGENT_PASSWORD "$server" demo >"$work/demo" 2>&1 || { cat "$work/demo" >&2; exit 1; }
NATS_USER=coordinator NATS_PASSWORD=$COORDINATOR_PASSWORD "$server" doctor >"$work/doctor" || { cat "$work/doctor" >&2; exit 1; }

# Off loopback it wants a token, and says so with the exit code that keeps systemd from trying again.
status=0
NATS_USER=coordinator NATS_PASSWORD=$COORDINATOR_PASSWORD "$coordinator" --http 0.0.0.0:7280 2>"$work/refusal" || status=$?
[ "$status" -eq 2 ] || { echo "error: without a token it ended with $status" >&2; cat "$work/refusal" >&2; exit 1; }
NATS_MCP_HTTP_TOKEN=$(sed -n 's/^  HTTP_TOKEN: //p' "$work/secrets.yaml") COORDINATOR_PORT=$((${client##*:} + 9))
export NATS_MCP_HTTP_TOKEN COORDINATOR_PORT
NATS_USER=coordinator NATS_PASSWORD=$COORDINATOR_PASSWORD "$coordinator" --http "127.0.0.1:$COORDINATOR_PORT" 2>"$work/coordinator" &
process=$!
ready=false
# It looks for 6 seconds whether somebody leads.
for _ in $(seq 200); do
  if deploy/docker/coordinator-probe.sh /readyz 2>/dev/null; then
    ready=true
    break
  fi
  sleep 0.1
done
$ready || { echo "error: the coordinator is not ready" >&2; cat "$work/coordinator" >&2; exit 1; }
deploy/docker/coordinator-probe.sh /healthz
if NATS_MCP_HTTP_TOKEN=wrong deploy/docker/coordinator-probe.sh /readyz; then
  echo "error: the probe does not notice a wrong answer" >&2
  exit 1
fi
kill -TERM "$process"
status=0
wait "$process" || status=$?
[ "$status" -eq 0 ] || { echo "error: the coordinator ended with $status" >&2; exit 1; }

ask '/jsz?streams=true&config=true' >"$work/streams"
if ! grep -q '"num_replicas": 3' "$work/streams" || grep -q '"num_replicas": [12]' "$work/streams"; then
  echo "error: a stream does not have three copies" >&2
  grep '"num_replicas"\|"name"' "$work/streams" >&2
  exit 1
fi

# The overlay with TLS replaces one file: it is understood, too.
openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=nats -keyout "$work/tls.key" -out "$work/tls.crt" 2>/dev/null
sed -e "s|/etc/nats-tls/ca.crt|$work/tls.crt|" -e "s|/etc/nats-tls|$work|" \
  deploy/kubernetes/overlays/production/nats/tls.conf >"$work/0/tls.conf"
SERVER_NAME=nats-0 "$nats_server" --config "$work/0/nats.conf" -t >"$work/check" 2>&1 || { cat "$work/check" >&2; exit 1; }
echo "Two agents talked through three servers; $(grep -c '"num_replicas": 3' "$work/streams") streams have three copies; a coordinator was ready and went."
