#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Renders the base and every overlay and checks each object strictly (unknown fields are errors) against the schemas
# of several Kubernetes versions. Needs kubectl and python3; no cluster, and no network once the tool is installed.
#
#   k8s/validate.sh [VERSION...]        exit 0: all valid, 1: something is not, 2: a tool is missing
set -eu

TOOL=kubernetes-validate
TOOL_VERSION=1.37.0

here=$(cd "$(dirname "$0")" && pwd)
work=$(dirname "$here")/target/$TOOL
venv=$work/venv-$TOOL_VERSION
[ $# -gt 0 ] || set -- 1.32 1.35 1.37

need() {
  command -v "$1" >/dev/null 2>&1 || { echo "k8s/validate.sh: $1 is not on the PATH; $2" >&2; exit 2; }
}
need kubectl "it renders the overlays (kubectl kustomize)"
need python3 "it runs $TOOL"

if [ ! -x "$venv/bin/$TOOL" ]; then
  rm -rf "$venv"
  python3 -m venv "$venv" && "$venv/bin/pip" install --quiet --disable-pip-version-check "$TOOL==$TOOL_VERSION" || {
    rm -rf "$venv"
    echo "k8s/validate.sh: $TOOL $TOOL_VERSION could not be installed from PyPI (on Debian: apt install python3-venv)" >&2
    exit 2
  }
fi

failed=0
for folder in "$here/base" "$here"/overlays/*/; do
  name=$(basename "$folder")
  rendered=$work/$name.yaml
  if ! kubectl kustomize "$folder" >"$rendered"; then
    echo "FAIL $name: does not render"
    failed=1
    continue
  fi
  objects=$(grep -c '^kind:' "$rendered")
  for version in "$@"; do
    if "$venv/bin/$TOOL" --strict --quiet -k "$version" "$rendered"; then
      echo "ok   $name: $objects objects, Kubernetes $version"
    else
      echo "FAIL $name: Kubernetes $version"
      failed=1
    fi
  done
done
exit $failed
