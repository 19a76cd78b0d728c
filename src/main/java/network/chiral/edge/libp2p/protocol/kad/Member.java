// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.swarm.AddressScope;

/// A peer as the routing table keeps it, with its line of an answer spelled already.
///
/// @param id who
/// @param position where in the key space
/// @param addresses that are handed out
/// @param wire id and addresses as a `Peer` message
/// @param group the network it is in, empty where that says nothing of who runs it
record Member(
        PeerId id,
        KadKey position,
        List<Multiaddr> addresses,
        byte[] wire,
        Optional<ByteBuffer> group) {

    static Member of(PeerId id, List<Multiaddr> addresses, Optional<InetAddress> from) {
        return new Member(
                id,
                KadKey.of(id),
                List.copyOf(addresses),
                KadCodec.toBytes(id, addresses),
                from.flatMap(Member::group));
    }

    /// The /16 of a public IPv4 address, the /32 of a public IPv6 one (go-libp2p-kbucket's peer
    /// diversity); none for loopback and private addresses, which many honest peers share.
    static Optional<ByteBuffer> group(InetAddress ip) {
        if (!AddressScope.PUBLIC.allows(ip)) {
            return Optional.empty();
        }
        int bytes = ip instanceof Inet4Address ? 2 : 4;
        return Optional.of(ByteBuffer.wrap(Arrays.copyOf(ip.getAddress(), bytes)));
    }
}
