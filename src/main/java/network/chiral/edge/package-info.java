// SPDX-License-Identifier: Apache-2.0
/// Chiral Edge: a relay-capable bootstrap and edge node for libp2p networks.
///
/// Two roots. `libp2p` is the wire stack, a library on Netty that knows neither CDI nor
/// configuration files. `node` is the Quarkus application around it: configuration, key, peer cache,
/// warm restart, health and metrics.
@NullMarked
package network.chiral.edge;

import org.jspecify.annotations.NullMarked;
