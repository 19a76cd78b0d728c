#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds both images for real and runs them hardened, without any image registry: the bases are made here from Debian
# packages. Prints the size of the images, the time from start to ready and the memory of the node beside its limit.
#
#   deploy/test-container.sh [native|jvm|all]      exit 0: all passed, 1: something did not
#   EXECUTABLE=path                                another executable than target/chiral-edge-*-runner
#
# Needs root, buildah, podman, runc, conmon, python3, curl, apt-get and dpkg-deb, and for the real peer src/test/peers/go/bin/peer.
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:-all}
work=$(pwd)/target/container
peer=src/test/peers/go/bin/peer
memory=$((64 << 20))
passed=0
failed=0
started=()

say() { printf '%s\n' "$*"; }
ok() { passed=$((passed + 1)); say "ok    $*"; }
bad() { failed=$((failed + 1)); say "FAIL  $*"; }
check() { local text=$1; shift; if "$@"; then ok "$text"; else bad "$text"; fi; }
quietly() { "$@" >/dev/null; }
now() { date +%s%3N; }

for tool in buildah podman runc conmon python3 curl apt-get dpkg-deb; do
  command -v "$tool" >/dev/null || { say "skipped: $tool is not here, so no image was built"; say "0 passed, 0 failed, 1 skipped"; exit 0; }
done
[[ $(id -u) == 0 ]] || { say "skipped: only root can make the base image here"; say "0 passed, 0 failed, 1 skipped"; exit 0; }

rm -rf "$work"
mkdir -p "$work"/{storage,run,tmp,debs,context}
# Stores of our own, nothing of the machine's is touched. The limits are explicit because podman's own need CAP_SYS_RESOURCE;
# runc, because crun wants cgroup v2 alone.
cat >"$work/storage.conf" <<CONF
[storage]
driver = "vfs"
graphroot = "$work/storage"
runroot = "$work/run"
CONF
cat >"$work/containers.conf" <<'CONF'
[containers]
default_ulimits = ["nofile=1024:20000", "nproc=1024:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
CONF
cat >"$work/policy.json" <<'CONF'
{"default": [{"type": "insecureAcceptAnything"}]}
CONF
export CONTAINERS_STORAGE_CONF=$work/storage.conf CONTAINERS_CONF=$work/containers.conf TMPDIR=$work/tmp
bud() { buildah bud --isolation chroot --signature-policy "$work/policy.json" --quiet "$@"; }
pod() { podman --root "$work/storage" --runroot "$work/run" --storage-driver vfs --runtime runc "$@"; }

cleanup() {
  for name in "${started[@]}"; do pod rm --force --time 5 "$name" >/dev/null 2>&1 || true; done
  [[ -z ${peer_pid:-} ]] || kill "$peer_pid" 2>/dev/null || true
  pod unmount --all >/dev/null 2>&1 || true
  rm -rf "$work/storage" "$work/run" "$work/tmp" "$work/data-"* 2>/dev/null || true
}
trap cleanup EXIT

# --- the base: libraries alone, no shell, no package manager
fetch() { apt-get download -qq -o APT::Sandbox::User=root "$@" >/dev/null 2>&1; }
base() { # NAME PACKAGE...
  local name=$1 root=$work/root-$1 package
  shift
  mkdir -p "$root"/{usr/lib,usr/lib64,etc,tmp}
  chmod 1777 "$root/tmp"
  ln -s usr/lib "$root/lib"
  ln -s usr/lib64 "$root/lib64"
  (cd "$work/debs" && { fetch "$@" || { apt-get update -qq && fetch "$@"; }; })
  for package in "$@"; do dpkg-deb --fsys-tarfile "$work/debs/${package}"_*.deb | tar -x --keep-directory-symlink -C "$root" \
    --exclude='./usr/share/doc*' --exclude='./usr/share/man*' --exclude='./usr/share/locale*' --exclude='./usr/share/lintian*'; done
  printf 'root:x:0:0:root:/:/sbin/nologin\nchiral:x:10001:10001::/data:/sbin/nologin\n' >"$root/etc/passwd"
  printf 'root:x:0:\nchiral:x:10001:\n' >"$root/etc/group"
  printf 'hosts: files dns\n' >"$root/etc/nsswitch.conf"
  if [[ -d $root/usr/share/ca-certificates ]]; then
    mkdir -p "$root/etc/ssl/certs"
    find "$root/usr/share/ca-certificates" -name '*.crt' -exec cat {} + >"$root/etc/ssl/certs/ca-certificates.crt"
  fi
  tar -C "$root" -c . | buildah_import "$name"
}
buildah_import() {
  cat >"$work/$1.tar"
  printf 'FROM scratch\nADD %s.tar /\n' "$1" >"$work/Containerfile.$1"
  bud --tag "localhost/$1:test" -f "$work/Containerfile.$1" "$work" >/dev/null
}

size() { pod image inspect --format '{{.Size}}' "$1" | awk '{printf "%.1f MB", $1 / 1e6}'; }

# --- one image, from build to second start
probe() { curl -s -m 3 -o /dev/null -w '%{http_code}' "http://127.0.0.1:$1/q/health/$2" || true; }
fact() { curl -s -m 3 "http://127.0.0.1:$1/q/health/$2" | python3 -c "
import json, sys
for check in json.load(sys.stdin)['checks']:
    if '$3' in check.get('data', {}): print(check['data']['$3'])" 2>/dev/null || true; }
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

run() { # NAME IMAGE LIMIT VOLUME P2P MANAGEMENT [OPTION...]
  local name=$1 image=$2 limit=$3 volume=$4 p2p=$5 management=$6
  shift 6
  started+=("$name")
  pod run --detach --name "$name" --read-only --read-only-tmpfs=false --cap-drop ALL --security-opt no-new-privileges \
    --memory "$limit" --memory-swap "$limit" --pids-limit 256 --volume "$volume:/data" --network host "$@" \
    --env CHIRAL_ADDRESS_SCOPE=any --env CHIRAL_LISTENING_LINE=true \
    --env CHIRAL_LISTEN="/ip4/127.0.0.1/tcp/$p2p" --env QUARKUS_MANAGEMENT_HOST=127.0.0.1 \
    --env QUARKUS_MANAGEMENT_PORT="$management" \
    --env CHIRAL_CACHE_SAVE_INTERVAL=1s "$image" >/dev/null
}
# From `podman run` to readiness, in milliseconds
until_ready() { # NAME PORT PATIENCE
  local began=$1 port=$2 patience=$3
  while (($(now) - began < patience * 1000)); do
    [[ $(probe "$port" ready) == 200 ]] && { echo $(($(now) - began)); return; }
    sleep 0.02
  done
  echo never
}
memory_of() { # the cgroup's limit and the process' resident memory, in KiB
  local pid limit
  pid=$(pod inspect --format '{{.State.Pid}}' "$1")
  local group
  group=$(sed -n 's/^\(0::\|[0-9]*:memory:\)//p' "/proc/$pid/cgroup" | head -n 1)
  limit=$(cat "/sys/fs/cgroup/memory$group/memory.limit_in_bytes" 2>/dev/null || cat "/sys/fs/cgroup$group/memory.max" 2>/dev/null || echo unknown)
  echo "$limit $(awk '/^VmRSS/ {print $2}' "/proc/$pid/status")"
}
status_of() { awk -v key="$2:" '$1 == key {print $2}' "/proc/$(pod inspect --format '{{.State.Pid}}' "$1")/status"; }

try_image() { # KIND LIMIT PATIENCE OPTION...
  local kind=$1 limit=$2 patience=$3 image=localhost/chiral-edge:$1 began took rss p2p management code ids warm
  shift 3
  mkdir -p "$work/data-$kind"
  local volume=chiral-$kind
  pod volume create "$volume" >/dev/null
  p2p=$(free_port) management=$(free_port)
  began=$(now)
  run "$kind-1" "$image" "$limit" "$volume" "$p2p" "$management" "$@"
  took=$(until_ready "$began" "$management" "$patience")
  check "$kind: ready after $took ms, podman's own time included" test "$took" != never
  [[ $took != never ]] || { pod logs "$kind-1" | tail -n 20; return; }
  local own
  own=$(pod logs "$kind-1" 2>&1 | grep -o 'started in [0-9.]*s' | head -n 1)
  say "      the program says: $own"
  check "$kind: waits by epoll" test "$(fact "$management" live transport)" = epoll
  check "$kind: ciphers by libcrypto" grep -q libcrypto <(curl -s "http://127.0.0.1:$management/q/metrics" | grep chiral_crypto_provider)
  read -r group rss < <(memory_of "$kind-1")
  check "$kind: the kernel's limit is $limit bytes (found $group)" test "$group" = "$limit"
  say "      resident: $((rss / 1024)) MiB of $((limit >> 20)) MiB"
  check "$kind: uid 10001, no capability, no new privileges, seccomp" test \
    "$(status_of "$kind-1" Uid) $(status_of "$kind-1" CapEff) $(status_of "$kind-1" NoNewPrivs) $(status_of "$kind-1" Seccomp)" = "10001 0000000000000000 1 2"
  if pod exec "$kind-1" /bin/sh -c true >/dev/null 2>&1; then
    [[ $kind == jvm ]] && say "      a shell is in this base" || bad "$kind: a shell is inside"
  else
    ok "$kind: no shell to run"
  fi
  check "$kind: the bill of materials is inside" pod cp "$kind-1:/usr/share/chiral-edge/chiral-edge.cdx.json" "$work/sbom-$kind.json"
  check "$kind: and names what is in the program" grep -q '"netty-transport-native-epoll"' "$work/sbom-$kind.json"
  ids=$(pod logs "$kind-1" 2>/dev/null | sed -n 's/.*"addr":"\([^"]*\)".*/\1/p' | head -n 1)

  if [[ -x $peer ]]; then
    python3 deploy/peer-visit.py "$peer" "$ids" >"$work/visit" 2>"$work/visit.err" &
    peer_pid=$!
    for _ in $(seq 300); do [[ -s $work/visit ]] && break; kill -0 "$peer_pid" 2>/dev/null || break; sleep 0.1; done
    check "$kind: a go-libp2p peer reserves, another sends it bytes through the node ($(cat "$work/visit"))" grep -q visited "$work/visit"
  else
    say "      skipped: $peer is not built, so no real peer came"
  fi
  read -r _ rss < <(memory_of "$kind-1")
  say "      resident after the peer: $((rss / 1024)) MiB"
  began=$(now)
  pod stop --time 20 "$kind-1" >/dev/null
  code=$(pod inspect --format '{{.State.ExitCode}} {{.State.OOMKilled}}' "$kind-1")
  check "$kind: ends on SIGTERM after $(($(now) - began)) ms (exit code and OOM: $code)" grep -qE '^(0|143) false$' <<<"$code"
  local files
  files=$(pod volume inspect --format '{{.Mountpoint}}' "$volume")
  check "$kind: the volume keeps the key" test -s "$files/identity.key"
  check "$kind: the volume keeps the cache" test -s "$files/peer_cache.json"

  began=$(now)
  run "$kind-2" "$image" "$limit" "$volume" "$p2p" "$management" "$@"
  took=$(until_ready "$began" "$management" "$patience")
  check "$kind: ready again after $took ms" test "$took" != never
  check "$kind: it is the same peer" test "$(pod logs "$kind-2" 2>/dev/null | sed -n 's/.*"addr":"\([^"]*\)".*/\1/p' | head -n 1)" = "$ids"
  if [[ -n ${peer_pid:-} ]]; then
    for _ in $(seq 100); do
      warm="$(fact "$management" well state | head -n 1) $(fact "$management" well connected | head -n 1)"
      [[ $warm == "warm 2" ]] && break
      sleep 0.1
    done
    check "$kind: warm, both peers of before are connected again (state and number: $warm)" test "$warm" = "warm 2"
    kill "$peer_pid" 2>/dev/null || true
    peer_pid=
  fi
  pod stop --time 20 "$kind-2" >/dev/null
}

step=$(now)
if [[ $what != jvm ]]; then
  executable=${EXECUTABLE:-$(ls -1 target/chiral-edge-*-runner 2>/dev/null | head -n 1)}
  if [[ -x $executable ]]; then
    say "--- native"
    base libraries-and-base libc6 libssl3 libsodium23 zlib1g ca-certificates
    [[ -z $(ldd "$executable" | awk '/=>/ {print $1}' | grep -vE '^(libz|libc)\.so') ]] && ok "native: needs libc and libz only" || bad "native: needs more than the base has"
    cp "$executable" "$work/context/chiral-edge-test-runner"
    cp -r target/image "$work/context/"
    check "native: the image is built" quietly bud --tag localhost/chiral-edge:native --build-arg BASE=localhost/libraries-and-base:test \
      --build-arg LIBRARIES=localhost/libraries-and-base:test --build-arg VERSION=test -f deploy/Containerfile.native "$work/context"
    say "      image: $(size localhost/chiral-edge:native), base: $(size localhost/libraries-and-base:test)"
    try_image native "$memory" 30
  else
    say "skipped: there is no native executable (./mvnw package -Dnative), so its image was not built"
  fi
fi
if [[ $what != native ]]; then
  if [[ -d target/quarkus-app ]]; then
    say "--- jvm"
    java=$(./mvnw -v | sed -n 's/.*runtime: //p')
    rm -rf "$work/jre"
    "$java/bin/jlink" --add-modules java.base,java.logging,java.management,java.naming,java.net.http,java.sql,java.xml,java.desktop,java.security.jgss,java.instrument,jdk.unsupported,jdk.crypto.ec,jdk.management,jdk.jfr,jdk.zipfs --strip-debug --no-header-files --no-man-pages --output "$work/jre"
    base libraries-and-base-jvm libc6 libssl3 libsodium23 zlib1g libgcc-s1 libstdc++6 ca-certificates
    printf 'FROM localhost/libraries-and-base-jvm:test\nCOPY jre/ /opt/java/\nENV PATH=/opt/java/bin\n' >"$work/Containerfile.jre"
    bud --tag localhost/jre:test -f "$work/Containerfile.jre" "$work" >/dev/null
    check "jvm: the image is built" quietly bud --tag localhost/chiral-edge:jvm --build-arg BASE=localhost/jre:test -f deploy/Containerfile.jvm target
    say "      image: $(size localhost/chiral-edge:jvm)"
    try_image jvm $((256 << 20)) 90 --tmpfs /tmp:rw,exec,nosuid,size=16m
  else
    say "skipped: there is no target/quarkus-app (./mvnw package), so the JVM image was not built"
  fi
fi
say "took $((($(now) - step) / 1000)) s"
say "$passed passed, $failed failed"
((failed == 0))
