#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Renders the base, every overlay and the Helm chart with each overlay's values. Each object is checked strictly (unknown
# fields are errors) against the schemas of several Kubernetes versions, each set of them by kube-score. Needs python3, and go for
# what tools.sh puts in place; no cluster, and no network once the tools are installed.
#
#   k8s/validate.sh [VERSION...]        exit 0: all valid, 1: something is not, 2: a tool is missing
set -eu

TOOL=kubernetes-validate
TOOL_VERSION=1.37.0
# What the Prometheus operator defines; their schemas are not among Kubernetes' own
FOREIGN='ServiceMonitor PrometheusRule'

here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
work=$root/target/$TOOL
venv=$work/venv-$TOOL_VERSION
[ $# -gt 0 ] || set -- 1.32 1.35 1.37

need() {
  command -v "$1" >/dev/null 2>&1 || { echo "k8s/validate.sh: $1 is not on the PATH; $2" >&2; exit 2; }
}
need python3 "it runs $TOOL"
tools=$("$here/tools.sh") || { echo "k8s/validate.sh: helm, kube-score or kubectl is missing, and Go could not build it" >&2; exit 2; }
PATH=$PATH:$tools

if [ ! -x "$venv/bin/$TOOL" ]; then
  rm -rf "$venv"
  python3 -m venv "$venv" && "$venv/bin/pip" install --quiet --disable-pip-version-check "$TOOL==$TOOL_VERSION" || {
    rm -rf "$venv"
    echo "k8s/validate.sh: $TOOL $TOOL_VERSION could not be installed from PyPI (on Debian: apt install python3-venv)" >&2
    exit 2
  }
fi

failed=0
passed=0
verdict() { # TEXT COMMAND...
  text=$1
  shift
  if "$@"; then
    passed=$((passed + 1))
    echo "ok   $text"
  else
    failed=$((failed + 1))
    echo "FAIL $text"
  fi
}

# Leaves out what Kubernetes itself has no schema of
known() {
  "$venv/bin/python" - "$1" $FOREIGN <<'PYTHON'
import sys, yaml
path, foreign = sys.argv[1], sys.argv[2:]
with open(path) as file:
    objects = [one for one in yaml.safe_load_all(file) if one and one["kind"] not in foreign]
with open(path + ".known", "w") as file:
    yaml.safe_dump_all(objects, file)
PYTHON
}

score() { # Not asked for, with the reason:
  # - service-targets-pod: the label pod-name of the Services per pod is set by the StatefulSet at run time
  # - service-type: NodePort is what two of the overlays are for
  # - container-image-pull-policy: it wants Always; ours are tags or digests that do not change
  # - CPU limits: they throttle every relayed byte, see 50-statefulset.yaml
  # - statefulset-has-host-podantiaffinity: topology spread does that, and hostPort has the affinity
  kube-score score --output-format ci --ignore-container-cpu-limit --ignore-test service-targets-pod \
    --ignore-test service-type --ignore-test container-image-pull-policy --ignore-test statefulset-has-host-podantiaffinity "$@" \
    >"$1.score" 2>&1 && ! grep -qE '^\[(CRITICAL|WARNING)\]' "$1.score" || { grep -E '^\[(CRITICAL|WARNING)\]' "$1.score"; return 1; }
}

check() { # NAME FILE SCORED VERSION...
  name=$1
  rendered=$2
  scored=$3
  shift 3
  known "$rendered"
  objects=$(grep -c '^kind:' "$rendered.known")
  for version in "$@"; do
    verdict "$name: $objects objects, Kubernetes $version" "$venv/bin/$TOOL" --strict --quiet -k "$version" "$rendered.known"
  done
  [ "$scored" = no ] || verdict "$name: kube-score" score "$rendered.known"
}

for folder in "$here/base" "$here"/overlays/*/; do
  name=$(basename "$folder")
  rendered=$work/$name.yaml
  if ! kubectl kustomize "$folder" >"$rendered"; then
    verdict "$name: renders" false
    continue
  fi
  # dev has no network policy and the base no tag for the image, on purpose
  case $name in dev | base) scored=no ;; *) scored=yes ;; esac
  check "$name" "$rendered" "$scored" "$@"
done
for values in "$root"/deploy/helm/chiral-edge/ci/*.yaml; do
  name=chart-$(basename "$values" .yaml)
  rendered=$work/$name.yaml
  verdict "$name: renders" sh -c "helm template chiral-edge '$root/deploy/helm/chiral-edge' --namespace chiral-edge --kube-version 1.32.0 \
    --values '$values' >'$rendered'"
  check "$name" "$rendered" no "$1"
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
