#!/bin/sh
# Speaks MCP with a server: initialize and tools/list. Fails unless both are answered, nothing else is on
# standard output, and the server ends with 0 when its input does. In sh, since it also runs in roots
# that hold nothing.
#
#   try-server.sh <command> [<argument>…]
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cat >"$folder/questions" <<'LINES'
{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"try-server","version":"1"}}}
{"jsonrpc":"2.0","method":"notifications/initialized"}
{"jsonrpc":"2.0","id":2,"method":"tools/list"}
LINES

status=0
"$@" <"$folder/questions" >"$folder/answers" 2>"$folder/log" || status=$?
complain() {
  echo "error: $*" >&2
  head -c 2000 "$folder/answers" "$folder/log" >&2
  exit 1
}
[ "$status" -eq 0 ] || complain "it ended with $status"
[ "$(wc -l <"$folder/answers")" -eq 2 ] || complain "two lines were expected on standard output"
grep -q '"id":1,"result":{"protocolVersion":"2025-11-25"' "$folder/answers" || complain "initialize was not answered"
for tool in set_handle send_message register_agent send_direct_message claim_work server_status; do
  grep -q "\"name\":\"$tool\"" "$folder/answers" || complain "tools/list does not have $tool"
done
echo "initialize and tools/list answered: $(sed -n 's/.*"serverInfo":{"name":"\([^"]*\)".*"version":"\([^"]*\)".*/\1 \2/p' "$folder/answers")"
