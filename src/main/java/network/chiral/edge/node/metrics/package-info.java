// SPDX-License-Identifier: Apache-2.0
/// What Prometheus is told: go-libp2p's names where one exists, so that its dashboards work here, and
/// `chiral_*` for the cache and the warm restart.
@NullMarked
package network.chiral.edge.node.metrics;

import org.jspecify.annotations.NullMarked;
