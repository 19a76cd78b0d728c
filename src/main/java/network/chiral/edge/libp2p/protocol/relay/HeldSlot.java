// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import java.time.Instant;
import network.chiral.edge.libp2p.identity.PeerId;

/// A slot of the relay, as it was held when somebody asked.
///
/// @param granted when it was given, or last renewed
public record HeldSlot(PeerId peer, Instant granted, Instant expires) {}
