#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Puts helm, kube-score and, where there is no kubectl, kustomize into target/tools/bin, built by Go, unless they are on the
# PATH. Prints that folder.
set -eu

HELM=helm.sh/helm/v3/cmd/helm@v3.19.0
KUBE_SCORE=github.com/zegl/kube-score/cmd/kube-score@v1.20.0
# What kubectl 1.32 has inside
KUSTOMIZE=sigs.k8s.io/kustomize/kustomize/v5@v5.5.0

root=$(dirname "$(cd "$(dirname "$0")" && pwd)")
bin=$root/target/tools/bin
mkdir -p "$bin"
get() {
  command -v "$1" >/dev/null 2>&1 || [ -x "$bin/$1" ] || GOBIN=$bin go install "$2" >&2
}
get helm "$HELM"
get kube-score "$KUBE_SCORE"
if ! command -v kubectl >/dev/null 2>&1 && [ ! -x "$bin/kubectl" ]; then
  get kustomize "$KUSTOMIZE"
  # All that is asked of kubectl here is `kubectl kustomize FOLDER`
  printf '#!/bin/sh\n[ "$1" = kustomize ] && exec "%s" build "$2"\nexit 2\n' "$bin/kustomize" >"$bin/kubectl"
  chmod +x "$bin/kubectl"
fi
echo "$bin"
