// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import java.time.Duration;
import network.chiral.edge.libp2p.identity.PeerId;

/// A circuit that stands, as it was when somebody asked.
///
/// @param number of the circuit, counted since the start
/// @param bytesForward payload from the source
/// @param bytesBackward payload from the destination
public record OpenCircuit(
        long number,
        PeerId source,
        PeerId destination,
        Duration age,
        long bytesForward,
        long bytesBackward) {}
