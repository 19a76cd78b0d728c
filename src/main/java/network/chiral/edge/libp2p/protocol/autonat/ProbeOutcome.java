// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.autonat;

import java.util.Optional;
import network.chiral.edge.libp2p.multiformats.Multiaddr;

/// What came of asking one server.
public sealed interface ProbeOutcome {
    /// The server reached this node.
    ///
    /// @param address where; version 1 may not say it
    record Reached(Optional<Multiaddr> address) implements ProbeOutcome {}

    /// The server tried and did not reach this node.
    ///
    /// @param address where; version 1 does not say it
    record Unreached(Optional<Multiaddr> address) implements ProbeOutcome {}

    /// The server dials none of the addresses.
    record Refused() implements ProbeOutcome {}

    /// Nothing can be learnt from what the server did.
    ///
    /// @param why in words
    record Failed(String why) implements ProbeOutcome {}
}
