#!/bin/sh
# Two sites behind routers and a public segment, in network namespaces of this machine. Root, iproute2, iptables.
#
#   nat.sh check              says why it cannot be done here; exits 0 when it can
#   nat.sh check-delay        the same for delay
#   nat.sh up ID              builds it; ID is the process that it is for, and what dead processes left is swept
#   nat.sh router ID WHO KIND makes nat-a or nat-b another kind of NAT, see below
#   nat.sh delay ID TIME      every way over the segment takes TIME from now on
#   nat.sh exec ID WHO CMD... runs a command at one place
#   nat.sh down ID            ends what runs there and takes everything away
#
#   a 192.168.1.2 --- nat-a 192.0.43.3 ---+        a 2001:500:88:a::2 --- nat-a 2001:500:88::3 ---+
#                            server .2 ---+--- relay 192.0.43.1             server ::2 ------------+--- relay ::1
#   b 192.168.1.2 --- nat-b 192.0.43.4 ---+        b 2001:500:88:b::2 --- nat-b 2001:500:88::4 ---+
#
# Both sites have the same private addresses, as homes do; of IPv6 they have public ones. Every library takes the segment's
# for public: they are those of IANA's own web site, because js-libp2p takes the special blocks for private. Nothing of it
# leaves the namespaces.
#
# On IPv4, KIND says what a router does with ports: "cone", as it is first, keeps them where it can, and lets in what
# answers; "symmetric" takes another at random for each connection; "open" also lets everybody in at port 4001, as one with
# a mapping of UPnP does. On IPv6 it changes nothing, and lets in what answers. All drop the rest silently.
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
  for tool in ip iptables ip6tables sysctl; do
    command -v "$tool" >/dev/null 2>&1 || { echo "no $tool"; return 1; }
  done
  probe=$prefix-probe-$$
  ip netns add "$probe" 2>/dev/null || { echo "ip netns add is refused"; return 1; }
  why=
  ip netns exec "$probe" iptables -t nat -A POSTROUTING -j MASQUERADE --random-fully 2>/dev/null || why="iptables cannot masquerade"
  ip netns exec "$probe" iptables -A INPUT -m conntrack --ctstate NEW -j DROP 2>/dev/null || why="iptables has no conntrack"
  ip netns exec "$probe" ip6tables -A INPUT -m conntrack --ctstate NEW -j DROP 2>/dev/null || why="ip6tables has no conntrack"
  ip -n "$probe" link add probe0 type veth peer name probe1 2>/dev/null || why="there are no veth links"
  ip -n "$probe" link add probe2 type bridge 2>/dev/null || why="there are no bridges"
  ip netns del "$probe"
  [ -z "$why" ] || { echo "$why"; return 1; }
}

check_delay() {
  command -v tc >/dev/null 2>&1 || { echo "no tc"; return 1; }
  probe=$prefix-probe-$$
  ip netns add "$probe" 2>/dev/null || { echo "ip netns add is refused"; return 1; }
  why=
  ip netns exec "$probe" tc qdisc add dev lo root netem delay 1ms 2>/dev/null || why="the kernel has no netem"
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

# public PLACE N: plugs it into the segment.
public() {
  ip -n "$(name "$id" "$1")" link add wan type veth peer name "to-$1" netns "$(name "$id" lan)"
  ip -n "$(name "$id" lan)" link set "to-$1" master segment up
  ip -n "$(name "$id" "$1")" addr add "192.0.43.$2/24" dev wan
  ip -n "$(name "$id" "$1")" addr add "2001:500:88::$2/64" dev wan nodad
  ip -n "$(name "$id" "$1")" link set wan up
}

# route PLACE SITE ROUTER: the way to a site's public addresses.
route() {
  ip -n "$(name "$id" "$1")" -6 route add "2001:500:88:$2::/64" via "2001:500:88::$3"
}

# site NAT INSIDE: a network behind a router, private on IPv4.
site() {
  ip -n "$(name "$id" "$1")" link add inside type veth peer name eth0 netns "$(name "$id" "$2")"
  ip -n "$(name "$id" "$1")" addr add 192.168.1.1/24 dev inside
  ip -n "$(name "$id" "$1")" addr add "2001:500:88:$2::1/64" dev inside nodad
  ip -n "$(name "$id" "$1")" link set inside up
  ip -n "$(name "$id" "$2")" addr add 192.168.1.2/24 dev eth0
  ip -n "$(name "$id" "$2")" addr add "2001:500:88:$2::2/64" dev eth0 nodad
  ip -n "$(name "$id" "$2")" link set eth0 up
  ip -n "$(name "$id" "$2")" route add default via 192.168.1.1
  ip -n "$(name "$id" "$2")" -6 route add default via "2001:500:88:$2::1"
  at "$1" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
  router "$1" cone
  # dropped, not refused: an RST would end the dial of the other side
  for tables in iptables ip6tables; do
    # of TCP: the neighbours of IPv6 have to be heard
    at "$1" $tables -A INPUT -i wan -p tcp -m conntrack ! --ctstate ESTABLISHED,RELATED -j DROP
    at "$1" $tables -A FORWARD -i wan -m conntrack ! --ctstate ESTABLISHED,RELATED,DNAT -j DROP
  done
}

# router NAT KIND
router() {
  case $1:$2 in
    nat-[ab]:cone | nat-[ab]:symmetric | nat-[ab]:open) ;;
    *) usage ;;
  esac
  at "$1" iptables -t nat -F
  case $2 in
    symmetric) at "$1" iptables -t nat -A POSTROUTING -o wan -j MASQUERADE --random-fully ;;
    *) at "$1" iptables -t nat -A POSTROUTING -o wan -j MASQUERADE ;;
  esac
  case $2 in
    open) at "$1" iptables -t nat -A PREROUTING -i wan -p tcp --dport 4001 -j DNAT --to-destination 192.168.1.2 ;;
  esac
}

delay() {
  for place in relay server nat-a nat-b; do
    at "$place" tc qdisc add dev wan root netem delay "$1"
  done
}

up() {
  sweep
  down "$id"
  trap 'down "$id"' EXIT
  for place in $places; do
    ip netns add "$(name "$id" "$place")"
    ip -n "$(name "$id" "$place")" link set lo up
  done
  ip -n "$(name "$id" lan)" link add segment type bridge
  ip -n "$(name "$id" lan)" link set segment up
  public relay 1
  public server 2
  public nat-a 3
  public nat-b 4
  site nat-a a
  site nat-b b
  for place in relay server nat-b; do
    route "$place" a 3
  done
  for place in relay server nat-a; do
    route "$place" b 4
  done
  trap - EXIT
}

usage() {
  sed -n '2,10s/^# \{0,1\}//p' "$0" >&2
  exit 2
}

case "$#:${1-}" in
  1:check) check ;;
  1:check-delay) check_delay ;;
  2:up) id=$2 && up ;;
  2:down) down "$2" ;;
  4:router) id=$2 && router "$3" "$4" ;;
  3:delay) id=$2 && delay "$3" ;;
  [4-9]:exec | [1-9][0-9]:exec)
    ns=$(name "$2" "$3")
    shift 3
    exec ip netns exec "$ns" "$@"
    ;;
  *) usage ;;
esac
