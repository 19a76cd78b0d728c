#!/usr/bin/env bash
# Plays a role of libp2p's unified test suite (github.com/libp2p/unified-testing) with the node's program:
#
#   run.sh transport PROGRAM...   listener or dialer, by IS_DIALER
#   run.sh relay PROGRAM...       the relay of the hole-punch suite
#   run.sh bootstrap PROGRAM...   the bootstrap node of the kad-dht suite
#
# The suite's environment: REDIS_ADDR (host:port), TEST_KEY, TRANSPORT, SECURE_CHANNEL, MUXER, LISTENER_IP, RELAY_IP, ROLE, DEBUG.
# The result of the dialer is YAML on standard output; everything else goes to standard error.
set -euo pipefail

fail() {
  echo "unified: $*" >&2
  exit 1
}

role=${1:-}
shift || true
(($#)) || fail "usage: run.sh transport|relay|bootstrap PROGRAM..."
: "${REDIS_ADDR:?is not set}" "${TEST_KEY:?is not set}"
[[ ${TRANSPORT:-tcp} == tcp ]] || fail "TRANSPORT is $TRANSPORT, and the node speaks tcp"
[[ ${SECURE_CHANNEL:-noise} == noise ]] || fail "SECURE_CHANNEL is $SECURE_CHANNEL, and the node speaks noise"
[[ ${MUXER:-yamux} == yamux ]] || fail "MUXER is $MUXER, and the node speaks yamux"
redis_host=${REDIS_ADDR%:*} redis_port=${REDIS_ADDR##*:}

# One command to Redis in its inline form; the answer's lines without carriage returns. An answer is read as far as the
# protocol says (redis.io/docs/latest/develop/reference/protocol-spec): +text, -error, or $length and as many bytes.
redis() {
  local reply value length
  exec 3<>"/dev/tcp/$redis_host/$redis_port" || return 1
  printf '%s\r\n' "$*" >&3
  IFS= read -r -t 10 reply <&3 || return 1
  reply=${reply%$'\r'}
  case $reply in
    '$-1') ;;
    '$'*)
      length=${reply#\$}
      ((length <= 4096)) || fail "Redis answered with $length bytes"
      IFS= read -r -t 10 -N "$length" value <&3 || return 1
      echo "$value"
      ;;
    -*) fail "Redis: $reply" ;;
  esac
  exec 3>&-
}

# Waits for a key that another container sets, for a minute.
await() {
  local value
  for _ in $(seq 240); do
    value=$(redis GET "$1") && [[ -n $value ]] && echo "$value" && return
    sleep 0.25
  done
  fail "nobody set $1"
}

# The address of this machine on the way to Redis: what the other containers reach it by.
own_ip() {
  local ip
  ip=$(getent ahostsv4 "$redis_host" | awk 'NR == 1 { print $1 }')
  ip route get "${ip:-$redis_host}" | sed -n 's/.* src \([^ ]*\).*/\1/p' | head -n 1
}

# Runs the node on an address and tells Redis where; this process becomes the node's parent and hands signals on.
# serve KEY IP PROGRAM...
serve() {
  local key=$1 ip=$2 folder node line
  shift 2
  folder=$(mktemp -d)
  export CHIRAL_DATA_DIR=$folder CHIRAL_LISTEN="/ip4/$ip/tcp/${PORT:-4001}" CHIRAL_ADDRESS_SCOPE=any CHIRAL_LISTENING_LINE=true
  export QUARKUS_HTTP_PORT=0 QUARKUS_MANAGEMENT_PORT=0
  coproc NODE { exec "$@" 2>&2; }
  node=$NODE_PID
  trap 'kill "$node" 2>/dev/null || true' TERM INT
  IFS= read -r line <&"${NODE[0]}" || fail "the node did not start"
  line=${line#*\"addr\":\"}
  redis SET "$key" "${line%\"*}"
  echo "unified: $key is ${line%\"*}" >&2
  cat <&"${NODE[0]}" >&2 &
  wait "$node" || true # ends at a signal
  wait "$node" || true # and this when the node has ended
  rm -rf "$folder"
}

dial() {
  local address result handshake ping
  address=$(await "${TEST_KEY}_listener_multiaddr")
  result=$("$@" ping "$address") || fail "no ping from $address"
  echo "unified: $result" >&2
  handshake=$(sed 's/.*"handshakePlusOneRttMillis":\([0-9.]*\).*/\1/' <<<"$result")
  ping=$(sed 's/.*"pingRttMillis":\[\([0-9.]*\).*/\1/' <<<"$result")
  printf 'latency:\n  handshake_plus_one_rtt: %s\n  ping_rtt: %s\n  unit: ms\n' "$handshake" "$ping"
}

case $role in
  transport)
    if [[ ${IS_DIALER:-false} == true ]]; then
      dial "$@"
    else
      ip=${LISTENER_IP:-0.0.0.0}
      [[ $ip != 0.0.0.0 ]] || ip=$(own_ip)
      serve "${TEST_KEY}_listener_multiaddr" "$ip" "$@"
    fi
    ;;
  relay)
    ip=${RELAY_IP:-0.0.0.0}
    [[ $ip != 0.0.0.0 ]] || ip=$(own_ip)
    for side in DIALER LISTENER; do # as the suite's other relays do: the way back to both networks behind routers
      subnet=${side}_LAN_SUBNET router=${side}_ROUTER_IP
      [[ -z ${!subnet:-} ]] || ip route add "${!subnet}" via "${!router}" dev wan0
    done
    serve "${TEST_KEY}_relay_multiaddr" "$ip" "$@"
    ;;
  bootstrap)
    [[ ${ROLE:-bootstrap} == bootstrap ]] || fail "ROLE is $ROLE, and the node is a bootstrap node"
    export CHIRAL_KAD_PROTOCOLS=/ipfs/kad/1.0.0
    serve "${TEST_KEY}_bootstrap_addr" "$(own_ip)" "$@"
    ;;
  *) fail "unknown role $role" ;;
esac
