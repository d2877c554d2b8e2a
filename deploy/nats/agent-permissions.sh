#!/usr/bin/env bash
# Prints the permissions of one agent for nats-server's configuration: agent-permissions.conf with
# its marks replaced (docs/howto/nats-permissions.md). Changes nothing.
set -euo pipefail
export LC_ALL=C # bytes, not letters

usage() {
  cat >&2 <<'TEXT'
agent-permissions.sh --guid GUID --project ID --namespace NAME --user NAME
                     [--channels LIST] [--capabilities LIST]
  --guid          what register_agent told the agent
  --project       what server_status says behind "Project:"
  --namespace     of the channels, as in .mcp-config.json
  --user          the name of the user the agent runs as
  --channels      comma list; default: roadmap,parallel-work,errors
  --capabilities  comma list, as the agent registers them; default: none
TEXT
  exit 2
}

guid='' project='' namespace='' user=''
channels='roadmap,parallel-work,errors' capabilities=''
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || usage
  case $1 in
    --guid) guid=$2 ;;
    --project) project=$2 ;;
    --namespace) namespace=$2 ;;
    --user) user=$2 ;;
    --channels) channels=$2 ;;
    --capabilities) capabilities=$2 ;;
    *) usage ;;
  esac
  shift 2
done
# shellcheck disable=SC2015 # an empty one is what usage is for
[ -n "$guid" ] && [ -n "$project" ] && [ -n "$namespace" ] && [ -n "$user" ] || usage

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

IFS=, read -ra channel_list <<<"$channels"
IFS=, read -ra capability_list <<<"$capabilities"
tokens=("@$guid")
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
for channel in "${channel_list[@]}"; do
  upper=${channel^^}
  streams+=("${namespace}_${upper//-/_}")
done
grep -v '^#' "$(dirname "$0")/agent-permissions.conf" \
  | repeat @STREAM@ "${streams[@]}" \
  | repeat @SCOPE@ public "$project" \
  | repeat @CAPABILITY@ "${tokens[@]}" \
  | repeat @PRIORITY@ {1..10} \
  | repeat @GUID@ "$guid" \
  | repeat @PROJECT@ "$project" \
  | repeat @NAMESPACE@ "$namespace" \
  | repeat @USER_HASH@ "$(printf %s "$user" | sha256sum | cut -c1-16)"
