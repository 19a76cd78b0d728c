// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.mdns;

import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/// Opens a link for each interface that is up, capable of multicast, and has an address.
///
/// Loopback counts where somebody has made it capable of multicast.
public final class UdpLinks {
    /// Open at once; a machine of containers has hundreds of interfaces.
    static final int MAX_LINKS = 16;

    private static final List<StandardProtocolFamily> FAMILIES =
            List.of(StandardProtocolFamily.INET, StandardProtocolFamily.INET6);

    private UdpLinks() {}

    /// Opens the links that are there now, but for those whose names are in `open`. One that cannot be
    /// opened is left out.
    public static List<MdnsLink> open(Set<String> open) {
        var links = new ArrayList<MdnsLink>();
        for (var netif : interfaces()) {
            for (var family : FAMILIES) {
                if (open.size() + links.size() < MAX_LINKS
                        && !open.contains(UdpLink.name(netif, family))) {
                    open(netif, family, links);
                }
            }
        }
        return links;
    }

    private static void open(
            NetworkInterface netif, StandardProtocolFamily family, List<MdnsLink> links) {
        try {
            if (netif.isUp()
                    && netif.supportsMulticast()
                    && !UdpLink.networks(netif, family).isEmpty()) {
                links.add(UdpLink.open(netif, family));
            }
        } catch (IOException | UnsupportedOperationException e) {
            // no such family here, or somebody holds the port alone: tried again before the next
            // query
        }
    }

    private static List<NetworkInterface> interfaces() {
        try {
            return Collections.list(NetworkInterface.getNetworkInterfaces());
        } catch (SocketException e) {
            return List.of();
        }
    }
}
