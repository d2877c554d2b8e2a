#!/usr/bin/env bash
# Prints the permissions of one NATS user for nats-server's configuration: one of the templates
# beside this script with its marks replaced (docs/howto/nats-permissions.md). Changes nothing.
set -euo pipefail
export LC_ALL=C # bytes, not letters

help() {
  cat <<'TEXT'
agent-permissions.sh [--role agent]     --guid GUID  --project ID  --namespace NAME --user NAME …
agent-permissions.sh --role project     --guid LIST  --project ID  --namespace NAME …
agent-permissions.sh --role user        --guid LIST  --project LIST --namespace LIST --user NAME …
agent-permissions.sh --role read-only                --project ID  --namespace NAME …

  --role          agent: one agent, which can be nobody else
                  project: the agents of one project
                  user: the agents of one system user
                  read-only: somebody who looks at channels and agents and says nothing
  --guid          what register_agent told the agent; of several, a comma list
  --project       what server_status says behind "Project:"; of several, a comma list
  --namespace     of the channels, as in .mcp-config.json; of several, a comma list
  --user          the name of the user the agents run as
  --channels      comma list; default: roadmap,parallel-work,errors
  --capabilities  comma list, as the agents register them; default: none
  --inbox         the NATS_INBOX_PREFIX of the agents; default: _INBOX, which others share
TEXT
}

usage() {
  help >&2
  exit 2
}

role=agent guid='' project='' namespace='' user='' inbox=_INBOX
channels='roadmap,parallel-work,errors' capabilities=''
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help)
      help
      exit 0
      ;;
  esac
  [ $# -ge 2 ] || usage
  case $1 in
    --role) role=$2 ;;
    --guid) guid=$2 ;;
    --project) project=$2 ;;
    --namespace) namespace=$2 ;;
    --user) user=$2 ;;
    --channels) channels=$2 ;;
    --capabilities) capabilities=$2 ;;
    --inbox) inbox=$2 ;;
    *) usage ;;
  esac
  shift 2
done
# What a role needs, and what means nothing to it.
case $role in
  agent) needs=(guid project namespace user) several='' ;;
  project) needs=(guid project namespace) several=guid ;;
  user) needs=(guid project namespace user) several='guid project namespace' ;;
  read-only) needs=(project namespace) several='' ;;
  *) usage ;;
esac
for need in "${needs[@]}"; do
  [ -n "${!need}" ] || usage
done
for one in guid project namespace user; do
  case " $several " in
    *" $one "*) continue ;;
  esac
  case ${!one} in
    *,*) usage ;;
  esac
done
case $inbox in
  _INBOX*[!A-Za-z0-9_-]*) usage ;;
  _INBOX*) ;;
  *) usage ;;
esac

# A capability as it stands in subjects: lower case, every byte but a-z 0-9 _ - as =HH.
token() {
  local text=${1,,} out='' i byte
  for ((i = 0; i < ${#text}; i++)); do
    byte=${text:i:1}
    case $byte in
      [a-z0-9_-]) out+=$byte ;;
      *) out+=$(printf '=%02X' $(($(printf '%d' "'$byte") & 255))) ;;
    esac
  done
  printf '%s' "$out"
}

IFS=, read -ra guids <<<"$guid"
IFS=, read -ra projects <<<"$project"
IFS=, read -ra namespaces <<<"$namespace"
IFS=, read -ra channel_list <<<"$channels"
IFS=, read -ra capability_list <<<"$capabilities"
tokens=("${guids[@]/#/AGENT-}")
for capability in ${capability_list[@]+"${capability_list[@]}"}; do
  tokens+=("$(token "$capability")")
done

# repeat MARK VALUE… : every line of standard input with the mark, once for each value.
repeat() {
  local mark=$1 line value
  shift
  while IFS= read -r line; do
    if [[ $line == *"$mark"* ]]; then
      for value in "$@"; do
        printf '%s\n' "${line//"$mark"/"$value"}"
      done
    else
      printf '%s\n' "$line"
    fi
  done
}

streams=()
for one in "${namespaces[@]}"; do
  for channel in "${channel_list[@]}"; do
    upper=${channel^^}
    streams+=("${one}_${upper//-/_}")
  done
done
grep -v '^#' "$(dirname "$0")/$role-permissions.conf" \
  | repeat @STREAM@ "${streams[@]}" \
  | repeat @SCOPE@ public "${projects[@]}" \
  | repeat @CAPABILITY@ ${tokens[@]+"${tokens[@]}"} \
  | repeat @PRIORITY@ {1..10} \
  | repeat @GUID@ ${guids[@]+"${guids[@]}"} \
  | repeat @PROJECT@ "${projects[@]}" \
  | repeat @NAMESPACE@ "${namespaces[@]}" \
  | repeat @INBOX@ "$inbox" \
  | repeat @USER_HASH@ "$(printf %s "$user" | sha256sum | cut -c1-16)"
