// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.autonat;

import java.util.List;
import network.chiral.edge.libp2p.multiformats.Multiaddr;

/// Turns an address with a name into those with IPs.
@FunctionalInterface
public interface AutoNatNames {
    /// Blocks, for a few seconds at most; empty where the name does not resolve.
    List<Multiaddr> resolve(Multiaddr address) throws InterruptedException;
}
