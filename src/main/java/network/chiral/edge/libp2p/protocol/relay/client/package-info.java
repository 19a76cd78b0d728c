// SPDX-License-Identifier: Apache-2.0
/// Circuit relay v2, seen from a client: how a node without a public address is reached
/// (relay/circuit-v2.md).
///
/// [RelayClient] asks relays for slots and circuits, [StopService] takes circuits in, and
/// [ReservationKeeper] sees to it that there are always enough slots: [RelayTable] decides at whose
/// relay, and when.
@NullMarked
package network.chiral.edge.libp2p.protocol.relay.client;

import org.jspecify.annotations.NullMarked;
