// SPDX-License-Identifier: Apache-2.0
/// Whether `k8s/` and `deploy/` still describe the program: its ports, probes, settings and user.
///
/// [ProgramFacts] is what the program is; [ManifestsTest] holds the files against it as they are
/// written, [KustomizeTest] as `kubectl` renders them. [Manifests] and [Containerfile] read.
@NullMarked
package network.chiral.edge.deployment;

import org.jspecify.annotations.NullMarked;
