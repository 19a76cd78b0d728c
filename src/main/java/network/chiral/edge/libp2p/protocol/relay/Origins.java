// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import network.chiral.edge.libp2p.multiformats.IpPrefix;
import network.chiral.edge.libp2p.multiformats.IpPrefixMap;

/// Which networks an address belongs to, and how many slots each of them may hold.
final class Origins {
    /// One IPv6 host has a /64 to itself (RFC 4862, RFC 7934).
    private static final int HOST_6 = 64;

    /// A network that is counted.
    ///
    /// @param what prefix or number of an autonomous system; apart by `full`, so that equal prefixes of
    ///     two limits are two counts
    /// @param full why there is no slot for it
    record Origin(Object what, Refusal full) {}

    /// @param slots that `origin` may hold
    record Cap(Origin origin, int slots) {}

    private final RelayLimits limits;
    private volatile IpPrefixMap<Integer> asns = IpPrefixMap.empty();

    Origins(RelayLimits limits) {
        this.limits = limits;
    }

    /// Which autonomous system a prefix belongs to, from now on.
    void asns(IpPrefixMap<Integer> known) {
        asns = known;
    }

    /// An IPv4 address, or the /64 that one IPv6 host has to itself.
    static IpPrefix host(InetAddress from) {
        return from instanceof Inet6Address ? IpPrefix.of(from, HOST_6) : IpPrefix.of(from);
    }

    /// The limits that a slot for `from` counts against.
    List<Cap> of(InetAddress from) {
        var admission = limits.admission();
        var trusted = admission.trusted().longest(from);
        if (trusted.isPresent()) {
            int own = trusted.get().getValue();
            var origin = new Origin(trusted.get().getKey(), Refusal.RESERVATIONS_PER_TRUSTED);
            return own == 0 ? List.of() : List.of(new Cap(origin, own));
        }
        var caps = new ArrayList<Cap>(4);
        if (limits.reservationsPerAddress() > 0) {
            var origin = new Origin(host(from), Refusal.RESERVATIONS_PER_ADDRESS);
            caps.add(new Cap(origin, limits.reservationsPerAddress()));
        }
        for (var cap : admission.perPrefix()) {
            if (cap.six() == from instanceof Inet6Address) {
                var prefix = IpPrefix.of(from, cap.length());
                caps.add(new Cap(new Origin(prefix, Refusal.RESERVATIONS_PER_PREFIX), cap.slots()));
            }
        }
        if (admission.perAsn() > 0) {
            asns.longest(from)
                    .map(known -> new Origin(known.getValue(), Refusal.RESERVATIONS_PER_ASN))
                    .ifPresent(origin -> caps.add(new Cap(origin, admission.perAsn())));
        }
        return caps;
    }
}
