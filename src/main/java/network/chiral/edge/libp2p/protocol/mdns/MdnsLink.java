// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.mdns;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/// One interface of the machine, in one family of addresses, on which mDNS is spoken.
public interface MdnsLink extends AutoCloseable {
    /// Where mDNS is spoken; a question from another port is one of a plain DNS client.
    int PORT = 5353;

    /// What came from the link.
    record Packet(byte[] bytes, InetSocketAddress source) {}

    /// Interface and family.
    String name();

    /// The addresses of this machine on the link.
    List<InetAddress> addresses();

    /// True where `ip` is of a network of the link.
    boolean isOnLink(InetAddress ip);

    /// True where the interface is no longer what it was when the link was opened.
    boolean isStale();

    /// The next packet. Blocks.
    Packet receive() throws IOException;

    /// To everybody on the link, this machine included.
    void multicast(byte[] packet) throws IOException;

    void unicast(byte[] packet, InetSocketAddress destination) throws IOException;

    @Override
    void close();
}
