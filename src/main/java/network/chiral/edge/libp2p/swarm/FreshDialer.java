// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.time.Duration;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;

/// Dials one address and nothing else, to see whether it leads to a peer.
///
/// Whatever connections there are to the peer are left alone and take no part. The connection that
/// comes of it leaves from a port of its own and under another peer id than this node's, for else the
/// peer would open streams on it that are lost when it is closed (seen with go-libp2p 0.51 and
/// rust-libp2p 0.57). It is announced to nobody, serves no protocol, and is the caller's to close.
@FunctionalInterface
public interface FreshDialer {
    /// Reaches `peer` at `address`, a plain TCP address with an IP. Blocks; an interrupt gives up.
    ///
    /// @param patience until the connection is authenticated and ready
    /// @throws DialException where it does not come about, whatever the reason
    Connection dialFresh(PeerId peer, Multiaddr address, Duration patience)
            throws DialException, InterruptedException;
}
