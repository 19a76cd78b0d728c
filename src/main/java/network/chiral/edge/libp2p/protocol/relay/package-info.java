// SPDX-License-Identifier: Apache-2.0
/// Circuit relay v2, seen from the relay: `/libp2p/circuit/relay/0.2.0/hop` and `.../stop`
/// (relay/circuit-v2.md).
///
/// Read [HopService] first, then [CircuitRequests], which brings circuits about. [ReservationTable] and
/// [CircuitTable] decide, [RelayCodec] spells, and [network.chiral.edge.libp2p.swarm.Request#join] has the
/// bytes moved afterwards.
@NullMarked
package network.chiral.edge.libp2p.protocol.relay;

import org.jspecify.annotations.NullMarked;
