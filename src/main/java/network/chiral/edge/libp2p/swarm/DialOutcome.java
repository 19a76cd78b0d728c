// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.time.Duration;
import java.util.Optional;
import network.chiral.edge.libp2p.multiformats.Multiaddr;

/// What came of dialling a peer.
///
/// @param address where it was reached; empty where it was not
/// @param tried addresses that were tried, each once
/// @param took from the first wish to the connection, or to the last failure
/// @param waited how long the address that made it stood behind better ones
public record DialOutcome(Optional<Multiaddr> address, int tried, Duration took, Duration waited) {}
