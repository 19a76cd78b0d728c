#!/bin/sh
# Builds the test peers whose toolchain is here: build.sh [go|rust|js|browser|jvm]...
# Exits 0 when a toolchain is missing and 1 when a build that could run failed.
set -u
cd "$(dirname "$0")" || exit 1
failed=0

# build LANGUAGE TOOL COMMAND...: runs the command in the language's folder.
build() {
  language=$1 tool=$2
  shift 2
  if ! command -v "$tool" >/dev/null 2>&1; then
    echo "peers: $language not built: no $tool on the PATH"
    return
  fi
  start=$(date +%s)
  if (cd "$language" && "$@"); then
    echo "peers: $language built in $(($(date +%s) - start)) s"
  else
    echo "peers: $language FAILED to build"
    failed=1
  fi
}

build_npm() {
  # npm writes this copy of the lock file last, so it is newer than package-lock.json only after a whole install.
  if [ node_modules/.package-lock.json -nt package-lock.json ]; then
    return 0
  fi
  npm ci --no-audit --no-fund --ignore-scripts --loglevel=error && touch node_modules/.package-lock.json
}

[ $# -gt 0 ] || set -- go rust js browser # jvm only when asked for: its library is on no common registry
for language in "$@"; do
  case $language in
    go) build go go go build -trimpath -o bin/peer . ;;
    rust) build rust cargo cargo build --release --locked --quiet ;;
    js) build js npm build_npm ;;
    browser) build browser npm build_npm ;;
    jvm) build jvm java ../../../../mvnw -B -q package ${JVM_LIBP2P_VERSION:+-Djvm-libp2p.version="$JVM_LIBP2P_VERSION"} ;;
    *)
      echo "usage: build.sh [go|rust|js|browser|jvm]..." >&2
      exit 2
      ;;
  esac
done
exit $failed
