#!/usr/bin/env bash
# Runs the shipped programs under valgrind's memcheck through everything that ends them, and fails on any error and on
# any block that is not given back, reachable or not. Says one line for each; what valgrind said stays in
# build/valgrind.
#
#   deploy/valgrind.sh [--bin DIRECTORY] [name of a path…]
#
# Without names: all paths. --bin: programs that are built already; else the Release build is made.
# Installs valgrind if it is missing. NATS_SERVER names the nats-server to use (default: that of the PATH).
set -euo pipefail
cd "$(dirname "$0")/.."

bin=
paths=()
while [ $# -gt 0 ]; do
  case "$1" in
    --bin) bin=$(realpath "${2:?--bin needs a directory}"); shift ;;
    --help) sed -n '2,10s/^# \{0,1\}//p' "$0"; exit 0 ;;
    -*) sed -n '6s/^# *//p' "$0" >&2; exit 2 ;;
    *) paths+=("$1") ;;
  esac
  shift
done

if ! command -v valgrind >/dev/null; then
  if [ "$(id -u)" -eq 0 ]; then sudo=; else sudo=sudo; fi
  $sudo apt-get update -q
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends valgrind </dev/null
fi
if [ -z "$bin" ]; then
  export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
  cmake --preset release --log-level=WARNING >/dev/null
  cmake --build --preset release -j"${NATS_MCP_JOBS:-$(nproc)}" \
    --target nats-mcp-server nats-mcp-coordinator valgrind_preload >&2
  bin=$PWD/build/release/bin
fi
logs=$PWD/build/valgrind
suppressions=$PWD/tests/valgrind.supp
mkdir -p "$logs"

# -- a nats-server and a home of our own -------------------------------------------------------------------------------

folder=$(mktemp -d)
nats_pid=
program_pid=
tidy_up() {
  for pid in $program_pid $nats_pid; do
    kill -KILL "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  rm -rf "$folder"
}
trap tidy_up EXIT

# start_nats [port [line of its configuration]]
start_nats() {
  rm -f "$folder"/*.ports
  printf 'listen: "127.0.0.1:%s"\nports_file_dir: "%s"\njetstream { store_dir: "%s/store" }\n%s\n' \
    "${1:--1}" "$folder" "$folder" "${2:-}" >"$folder/nats.conf"
  # Not holding the pipes of a program that runs, or it would never see their ends.
  "${NATS_SERVER:-nats-server}" -c "$folder/nats.conf" -l "$folder/nats.log" 7>&- 8<&- &
  nats_pid=$!
  for _ in $(seq 300); do
    nats_url=$(sed -n 's/.*"\([a-z]*:\/\/127[^"]*\)".*/\1/p' "$folder"/*.ports 2>/dev/null | head -n 1 || true)
    [ -z "$nats_url" ] || return 0
    sleep 0.1
  done
  echo "error: nats-server does not start: $(tail -n 3 "$folder/nats.log")" >&2
  exit 1
}

# end_nats <signal>
end_nats() {
  kill "-$1" "$nats_pid"
  wait "$nats_pid" 2>/dev/null || true
}

# Nobody listens on port 1.
no_nats=nats://127.0.0.1:1

# -- a program under valgrind ------------------------------------------------------------------------------------------

# start <program> [argument…]: with an MCP client's pipes. `environment` is an array of the caller's.
start() {
  local program=$1
  shift
  rm -f "$folder/in" "$folder/out"
  mkfifo "$folder/in" "$folder/out"
  mkdir -p "$folder/home"
  (
    cd "$folder/home"
    exec env -i PATH="$PATH" HOME="$folder/home" USER=valgrind LD_PRELOAD="$bin/libvalgrind_preload.so" \
      NATS_MCP_LOCAL=never LOG_LEVEL=WARN NATS_MCP_CALL_TIMEOUT=20000 \
      "${environment[@]}" \
      valgrind --leak-check=full --show-leak-kinds=all --errors-for-leak-kinds=all --track-fds=yes \
        --child-silent-after-fork=yes \
        --num-callers=40 --error-exitcode=99 --suppressions="$suppressions" --log-file="$log" \
        "$program" "$@"
  ) <"$folder/in" >"$folder/out" 2>"$log.err" &
  program_pid=$!
  # In this order: each end waits for the other one.
  exec 7>"$folder/in" 8<"$folder/out"
}

say() {
  printf '%s\n' "$1" >&7
}

# answer <id>: waits for it, and fails when there is none within two minutes.
answer() {
  local line
  while IFS= read -r -t 120 line <&8; do
    case "$line" in
      *"\"id\":$1,"*|*"\"id\":$1}"*) printf '%s\n' "$line" >>"$log.out"; return 0 ;;
    esac
  done
  problem="no answer to request $1"
  return 1
}

last_id=0
# call <tool> [arguments as JSON]: waits for the answer.
call() {
  post "$@"
  answer "$last_id"
}
post() {
  local nothing='{}'
  last_id=$((last_id + 1))
  say "{\"jsonrpc\":\"2.0\",\"id\":$last_id,\"method\":\"tools/call\",\"params\":{\"name\":\"$1\",\"arguments\":${2:-$nothing}}}"
}

shake_hands() {
  last_id=$((last_id + 1))
  say "{\"jsonrpc\":\"2.0\",\"id\":$last_id,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"valgrind\",\"version\":\"1\"}}}"
  answer "$last_id"
  say '{"jsonrpc":"2.0","method":"notifications/initialized"}'
}

# What an agent does with everything.
work() {
  call register_agent '{"agentType":"checker","visibility":"public","capabilities":["typescript"]}'
  call send_message '{"channel":"roadmap","message":"hello"}'
  call read_messages '{"channel":"roadmap"}'
  call send_direct_message '{"recipientHandle":"checker","message":"to myself"}'
  call read_direct_messages
  call broadcast_work_offer '{"taskId":"t1","capability":"typescript","description":"Something to do"}'
  call claim_work '{"timeout":5000}'
  local item
  item=$(sed -n 's/.*Work Item ID: \([0-9a-f-]*\).*/\1/p' "$log.out" | tail -n 1)
  call complete_work "{\"workItemId\":\"$item\",\"summary\":\"done\"}"
  call list_work '{"state":"completed"}'
  call discover_agents
  call list_dead_letter_items
  call server_status
}

# until_log <text>: waits for it on standard error.
until_log() {
  for _ in $(seq 1200); do
    ! grep -q "$1" "$log.err" || return 0
    sleep 0.1
  done
  problem="\"$1\" does not stand in the log"
  return 1
}

# ended <exit code>: it ends by itself, soon, with that; valgrind makes it 99 if it found something.
ended() {
  exec 7>&-
  local status=0 ticks=0
  while kill -0 "$program_pid" 2>/dev/null && [ "$ticks" -lt 1200 ]; do
    sleep 0.1
    ticks=$((ticks + 1))
  done
  if kill -KILL "$program_pid" 2>/dev/null; then
    problem="it hangs"
  fi
  wait "$program_pid" || status=$?
  program_pid=
  exec 8<&-
  if [ -z "$problem" ] && [ "$status" -ne "$1" ]; then
    problem="exit code $status instead of $1"
  fi
  if [ -z "$problem" ] && [ "$(descriptors_left)" != 0 ]; then
    problem="$(descriptors_left) descriptors are still open"
  fi
  [ -z "$problem" ]
}

# Open at the end, and neither one of the standard ones nor there before the program was.
descriptors_left() {
  awk '/FILE DESCRIPTORS/ { counted = 1 }
       /Open (file descriptor|AF_)/ { if (!/<inherited/) open++; last = NR }
       /<inherited from parent>/ { if (last == NR - 1) open-- }
       END { print counted ? open + 0 : "unknown" }' "$log"
}

# -- the paths -------------------------------------------------------------------------------------------------------

server_at_end_of_input() {
  environment=("NATS_URL=$nats_url")
  start "$bin/nats-mcp-server" && shake_hands && ended 0
}
server_at_end_of_input_without_a_word() {
  environment=("NATS_URL=$nats_url")
  start "$bin/nats-mcp-server" && ended 0
}
server_at_end_of_input_after_work() {
  environment=("NATS_URL=$nats_url")
  start "$bin/nats-mcp-server" && shake_hands && work && ended 0
}
server_at_end_of_input_while_calls_wait() {
  environment=("NATS_URL=$nats_url")
  start "$bin/nats-mcp-server" && shake_hands
  call register_agent '{"agentType":"waiter","visibility":"public","capabilities":["nothing"]}'
  call read_messages '{"channel":"roadmap","unread":true}'
  post wait_for_messages '{"timeout":60000}'
  post claim_work '{"timeout":60000}'
  post read_direct_messages '{"timeout":60000}'
  call get_my_handle && ended 0
}
server_at_sigterm() {
  environment=("NATS_URL=$nats_url")
  start "$bin/nats-mcp-server" && shake_hands && kill -TERM "$program_pid" && ended 0
}
server_at_sigterm_after_work() {
  environment=("NATS_URL=$nats_url")
  start "$bin/nats-mcp-server" && shake_hands && work && kill -TERM "$program_pid" && ended 0
}
server_without_nats() {
  environment=("NATS_URL=$no_nats" NATS_MCP_CALL_TIMEOUT=1000)
  start "$bin/nats-mcp-server" && shake_hands && call set_handle '{"handle":"checker"}'
  call send_message '{"channel":"roadmap","message":"hello"}' && ended 0
}
server_without_nats_at_sigterm() {
  environment=("NATS_URL=$no_nats" NATS_MCP_CALL_TIMEOUT=1000)
  start "$bin/nats-mcp-server" && shake_hands && call set_handle '{"handle":"checker"}'
  post send_message '{"channel":"roadmap","message":"hello"}'
  kill -TERM "$program_pid" && ended 0
}
server_whose_nats_dies() {
  environment=("NATS_URL=$nats_url" NATS_MCP_CALL_TIMEOUT=1000)
  start "$bin/nats-mcp-server" && shake_hands && work
  end_nats KILL
  call send_message '{"channel":"roadmap","message":"hello"}' && ended 0
  start_nats
  [ -z "$problem" ]
}
server_whose_nats_with_tls_comes_back() {
  local pem=$folder/nats.pem key=$folder/nats.key
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=nats \
    -addext subjectAltName=IP:127.0.0.1 -keyout "$key" -out "$pem" 2>/dev/null
  local tls="tls { cert_file: \"$pem\", key_file: \"$key\" }"
  end_nats TERM
  start_nats -1 "$tls"
  environment=("NATS_URL=$nats_url" "NATS_TLS_CA=$pem")
  start "$bin/nats-mcp-server" && shake_hands && work
  end_nats KILL
  start_nats "${nats_url##*:}" "$tls"
  call send_message '{"channel":"roadmap","message":"hello"}' && ended 0
  end_nats TERM
  start_nats
  [ -z "$problem" ] && grep -q 'roadmap' "$log.out"
}
server_whose_client_reads_no_more() {
  environment=("NATS_URL=$nats_url")
  start "$bin/nats-mcp-server" && shake_hands && work
  exec 8<&-
  post server_status
  ended 0
}
server_at_sigint() {
  environment=("NATS_URL=$nats_url")
  start "$bin/nats-mcp-server" && shake_hands && work && kill -INT "$program_pid" && ended 0
}
server_with_an_engine() {
  environment=(NATS_MCP_LOCAL=auto "XDG_DATA_HOME=$folder/data")
  start "$bin/nats-mcp-server" && shake_hands && call set_handle '{"handle":"checker"}'
  call send_message '{"channel":"roadmap","message":"hello"}' && ended 0
}
engine_in_the_foreground() {
  environment=("XDG_DATA_HOME=$folder/other-data")
  start "$bin/nats-mcp-server" local run
  for _ in $(seq 600); do
    [ ! -e "$folder/other-data/nats-mcp/engine.json" ] || break
    sleep 0.1
  done
  kill -TERM "$program_pid" && ended 0
}
server_with_a_bad_configuration() {
  environment=("NATS_URL=$nats_url" NATS_MCP_REPLICAS=many)
  start "$bin/nats-mcp-server" && shake_hands && call server_status && ended 0
}
doctor() {
  environment=("NATS_URL=$nats_url")
  start "$bin/nats-mcp-server" doctor && ended 0
}
doctor_without_nats() {
  environment=("NATS_URL=$no_nats")
  start "$bin/nats-mcp-server" doctor && ended 1
}
apply() {
  environment=("NATS_URL=$nats_url")
  start "$bin/nats-mcp-server" apply --yes && ended 0
}
demo() {
  environment=("NATS_URL=$nats_url")
  start "$bin/nats-mcp-server" demo && ended 0
}
coordinator_at_sigterm_while_it_leads() {
  environment=("NATS_URL=$nats_url" LOG_LEVEL=INFO LOG_FORMAT=json)
  start "$bin/nats-mcp-coordinator" && until_log coordinator.leads && kill -TERM "$program_pid" && ended 0
}
coordinator_at_sigterm_with_an_open_page() {
  environment=("NATS_URL=$nats_url" LOG_LEVEL=INFO LOG_FORMAT=json)
  start "$bin/nats-mcp-coordinator" --http 127.0.0.1:0 && until_log coordinator.leads && until_log http://127.0.0.1:
  local port
  port=$(sed -n 's/.*http:\/\/127\.0\.0\.1:\([0-9]*\).*/\1/p' "$log.err" | head -n 1)
  exec 9<>"/dev/tcp/127.0.0.1/$port"
  printf 'GET /events HTTP/1.1\r\nHost: 127.0.0.1:%s\r\n\r\n' "$port" >&9
  local line
  while IFS= read -r -t 60 line <&9; do
    case "$line" in *throughput*) break ;; esac
  done
  kill -TERM "$program_pid"
  local outcome=0
  ended 0 || outcome=1
  exec 9>&-
  return $outcome
}
coordinator_without_nats_at_sigterm() {
  environment=("NATS_URL=$no_nats" LOG_LEVEL=INFO LOG_FORMAT=json)
  start "$bin/nats-mcp-coordinator" && until_log . && kill -TERM "$program_pid" && ended 0
}
# What the check itself is worth: one program keeps a block, another one a descriptor.
check_that_a_leak_is_found() {
  environment=()
  printf 'int main() { return new int[4] == nullptr; }\n' >"$folder/leak.cpp"
  g++ -o "$folder/leak" "$folder/leak.cpp"
  start "$folder/leak" && ended 99
}
check_that_an_open_file_is_found() {
  environment=()
  printf '#include <fcntl.h>\nint main() { return open("/dev/null", O_RDONLY) < 0; }\n' >"$folder/file.cpp"
  g++ -o "$folder/file" "$folder/file.cpp"
  start "$folder/file"
  ! ended 0 && [ "$problem" = "1 descriptors are still open" ] && problem=
}

# -- all of them -----------------------------------------------------------------------------------------------------

if [ ${#paths[@]} -eq 0 ]; then
  paths=(
    check_that_a_leak_is_found check_that_an_open_file_is_found
    server_at_end_of_input server_at_end_of_input_without_a_word server_at_end_of_input_after_work
    server_at_end_of_input_while_calls_wait server_at_sigterm server_at_sigterm_after_work server_at_sigint
    server_whose_nats_dies server_whose_nats_with_tls_comes_back server_whose_client_reads_no_more server_without_nats server_without_nats_at_sigterm
    server_with_an_engine engine_in_the_foreground server_with_a_bad_configuration
    doctor doctor_without_nats apply demo
    coordinator_at_sigterm_while_it_leads coordinator_at_sigterm_with_an_open_page coordinator_without_nats_at_sigterm
  )
fi
start_nats
failed=0
for path in "${paths[@]}"; do
  if ! declare -F "$path" >/dev/null; then
    echo "error: there is no path $path" >&2
    exit 2
  fi
  log=$logs/$path
  rm -f "$log" "$log".*
  problem=
  last_id=0
  began=$SECONDS
  if "$path" && [ -z "$problem" ]; then
    printf 'clean  %4d s  %s\n' $((SECONDS - began)) "$path"
  else
    printf 'FAILED %4d s  %s: %s; see %s*\n' $((SECONDS - began)) "$path" "${problem:-unknown}" "${log#"$PWD/"}"
    failed=$((failed + 1))
  fi
done
if [ "$failed" -gt 0 ]; then
  echo "$failed of ${#paths[@]} paths failed."
  exit 1
fi
echo "Everything was given back on all ${#paths[@]} paths."
