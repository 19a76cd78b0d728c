// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.host;

import java.util.List;
import java.util.function.Supplier;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.relay.client.RelayCandidate;

/// What a host without a public address does to be reached.
///
/// @param relays to ask first, each naming its peer
/// @param reservations slots to hold at once (two, so that one relay may go)
/// @param finders where more relays are heard of, in the order of trust; each may block
public record EdgeSettings(
        List<Multiaddr> relays, int reservations, List<Supplier<List<RelayCandidate>>> finders) {
    public static final EdgeSettings DEFAULT = new EdgeSettings(List.of(), 2, List.of());

    public EdgeSettings {
        relays = List.copyOf(relays);
        finders = List.copyOf(finders);
        if (reservations < 1) {
            throw new IllegalArgumentException("an edge holds at least one reservation");
        }
    }

    /// These settings, with one more place to hear of relays.
    public EdgeSettings with(Supplier<List<RelayCandidate>> finder) {
        var more = new java.util.ArrayList<>(finders);
        more.add(finder);
        return new EdgeSettings(relays, reservations, more);
    }
}
