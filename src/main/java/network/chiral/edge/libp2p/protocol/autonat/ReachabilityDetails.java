// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.autonat;

import java.time.Instant;
import java.util.List;
import network.chiral.edge.libp2p.multiformats.Multiaddr;

/// What this node knows of its own reachability, and why.
///
/// @param overall of the node: public where one address is
/// @param confidence of the overall verdict
/// @param since when the overall verdict has been this one
/// @param why the verdict in words
/// @param addresses each address that is tried
/// @param recent the latest answers in words, youngest last
public record ReachabilityDetails(
        Reachability overall,
        int confidence,
        Instant since,
        String why,
        List<AddressReachability> addresses,
        List<String> recent) {
    public ReachabilityDetails {
        addresses = List.copyOf(addresses);
        recent = List.copyOf(recent);
    }

    /// The addresses with this verdict.
    public List<Multiaddr> addresses(Reachability verdict) {
        return addresses.stream()
                .filter(one -> one.reachability() == verdict)
                .map(AddressReachability::address)
                .toList();
    }
}
