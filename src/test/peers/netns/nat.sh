#!/bin/sh
# Two sites behind NAT and a public segment, in network namespaces of this machine. Root, iproute2, iptables.
#
#   nat.sh check              says why it cannot be done here; exits 0 when it can
#   nat.sh up ID              builds it; ID is the process that it is for, and what dead processes left is swept
#   nat.sh exec ID WHO CMD... runs a command at one place
#   nat.sh down ID            ends what runs there and takes everything away
#
#   a 192.168.1.2 --- nat-a 192.31.196.3 ---+
#                              server .2 ---+--- relay 192.31.196.1
#   b 192.168.1.2 --- nat-b 192.31.196.4 ---+
#
# The public addresses are of a block that is globally reachable to every library's mind (RFC 7535), and both sites have
# the same private ones, as homes do. A NAT keeps ports where it can, lets in what answers, and drops the rest silently.
set -eu

places="lan relay server nat-a nat-b a b"
prefix=chiral-nat

name() { echo "$prefix-$1-$2"; }
at() {
  ns=$(name "$id" "$1")
  shift
  ip netns exec "$ns" "$@"
}

check() {
  [ "$(id -u)" = 0 ] || { echo "not root"; return 1; }
  for tool in ip iptables sysctl; do
    command -v "$tool" >/dev/null 2>&1 || { echo "no $tool"; return 1; }
  done
  probe=$prefix-probe-$$
  ip netns add "$probe" 2>/dev/null || { echo "ip netns add is refused"; return 1; }
  why=
  ip netns exec "$probe" iptables -t nat -A POSTROUTING -j MASQUERADE 2>/dev/null || why="iptables cannot masquerade"
  ip netns exec "$probe" iptables -A INPUT -m conntrack --ctstate NEW -j DROP 2>/dev/null || why="iptables has no conntrack"
  ip -n "$probe" link add probe0 type veth peer name probe1 2>/dev/null || why="there are no veth links"
  ip -n "$probe" link add probe2 type bridge 2>/dev/null || why="there are no bridges"
  ip netns del "$probe"
  [ -z "$why" ] || { echo "$why"; return 1; }
}

down() {
  for place in $places; do
    ns=$(name "$1" "$place")
    [ -e "/run/netns/$ns" ] || continue
    for pid in $(ip netns pids "$ns"); do
      kill -KILL "$pid" 2>/dev/null || true
    done
    ip netns del "$ns"
  done
}

sweep() {
  for ns in /run/netns/"$prefix"-[0-9]*-lan; do
    [ -e "$ns" ] || continue
    owner=${ns#*"$prefix"-}
    owner=${owner%-lan}
    kill -0 "$owner" 2>/dev/null || down "$owner"
  done
}

# public PLACE ADDRESS: plugs it into the segment.
public() {
  ip -n "$(name "$id" "$1")" link add wan type veth peer name "to-$1" netns "$(name "$id" lan)"
  ip -n "$(name "$id" lan)" link set "to-$1" master segment up
  ip -n "$(name "$id" "$1")" addr add "$2/24" dev wan
  ip -n "$(name "$id" "$1")" link set wan up
}

# site NAT INSIDE: a private network behind a router that masquerades.
site() {
  ip -n "$(name "$id" "$1")" link add inside type veth peer name eth0 netns "$(name "$id" "$2")"
  ip -n "$(name "$id" "$1")" addr add 192.168.1.1/24 dev inside
  ip -n "$(name "$id" "$1")" link set inside up
  ip -n "$(name "$id" "$2")" addr add 192.168.1.2/24 dev eth0
  ip -n "$(name "$id" "$2")" link set eth0 up
  ip -n "$(name "$id" "$2")" route add default via 192.168.1.1
  at "$1" sysctl -qw net.ipv4.ip_forward=1
  at "$1" iptables -t nat -A POSTROUTING -o wan -j MASQUERADE
  # dropped, not refused: an RST would end the dial of the other side
  at "$1" iptables -A INPUT -i wan -m conntrack ! --ctstate ESTABLISHED,RELATED -j DROP
  at "$1" iptables -A FORWARD -i wan -m conntrack ! --ctstate ESTABLISHED,RELATED -j DROP
}

up() {
  sweep
  down "$id"
  trap 'down "$id"' EXIT
  for place in $places; do
    ip netns add "$(name "$id" "$place")"
    at "$place" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 2>/dev/null || true
    ip -n "$(name "$id" "$place")" link set lo up
  done
  ip -n "$(name "$id" lan)" link add segment type bridge
  ip -n "$(name "$id" lan)" link set segment up
  public relay 192.31.196.1
  public server 192.31.196.2
  public nat-a 192.31.196.3
  public nat-b 192.31.196.4
  site nat-a a
  site nat-b b
  trap - EXIT
}

usage() {
  sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
  exit 2
}

case "$#:${1-}" in
  1:check) check ;;
  2:up) id=$2 && up ;;
  2:down) down "$2" ;;
  [4-9]:exec | [1-9][0-9]:exec)
    ns=$(name "$2" "$3")
    shift 3
    exec ip netns exec "$ns" "$@"
    ;;
  *) usage ;;
esac
