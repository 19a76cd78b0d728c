// SPDX-License-Identifier: Apache-2.0
/// The Quarkus application around the wire stack.
///
/// Reading order: [NodeLifecycle] (what happens at start and stop), `NodeSettings` (what the
/// configuration means), `HostProducer` (the only bean that builds a host), then one package per
/// feature: `identity`, `cache`, `kad`, `reconnect`, `bootstrap`, `health`, `metrics`.
@NullMarked
package network.chiral.edge.node;

import org.jspecify.annotations.NullMarked;
