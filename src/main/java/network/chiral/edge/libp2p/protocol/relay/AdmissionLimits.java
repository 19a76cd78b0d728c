// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import java.time.Duration;
import java.util.List;
import network.chiral.edge.libp2p.multiformats.IpPrefixMap;
import network.chiral.edge.libp2p.swarm.Rate;

/// How many slots one network may hold, and how often peers and addresses may ask.
///
/// @param perPrefix slots held from one network of each of these sizes
/// @param perAsn slots held from one autonomous system, where it is known; 0 is no limit
/// @param reservationsPerPeer requests for a slot by one peer; renewals are not among them
/// @param reservationsPerAddress requests for a slot from one IPv4 address or IPv6 /64
/// @param circuitsPerPeer circuits that one peer asks for as their source
/// @param circuitsPerAddress circuits asked for from one IPv4 address or IPv6 /64
/// @param trusted networks that many clients come from, such as an office behind one address, and how
///     many slots each may hold in place of all other limits by address; 0 is no limit
public record AdmissionLimits(
        List<PrefixCap> perPrefix,
        int perAsn,
        Rate reservationsPerPeer,
        Rate reservationsPerAddress,
        Rate circuitsPerPeer,
        Rate circuitsPerAddress,
        IpPrefixMap<Integer> trusted) {

    /// Slots for every network of one size.
    ///
    /// @param six true for IPv6
    /// @param length bits of the prefix
    /// @param slots held at once
    public record PrefixCap(boolean six, int length, int slots) {}

    public static final AdmissionLimits NONE =
            new AdmissionLimits(
                    List.of(), 0, Rate.NONE, Rate.NONE, Rate.NONE, Rate.NONE, IpPrefixMap.empty());

    /// rust-libp2p's rate limiters: 30 at once and one more every 2 min for a peer, 60 and one a minute
    /// for an address; for reservations and, by their source, for circuits.
    public static final AdmissionLimits RUST =
            new AdmissionLimits(
                    List.of(),
                    0,
                    new Rate(30, Duration.ofMinutes(2)),
                    new Rate(60, Duration.ofMinutes(1)),
                    new Rate(30, Duration.ofMinutes(2)),
                    new Rate(60, Duration.ofMinutes(1)),
                    IpPrefixMap.empty());

    /// go-libp2p's relay: 32 for an autonomous system.
    public static final AdmissionLimits GO =
            new AdmissionLimits(
                    List.of(), 32, Rate.NONE, Rate.NONE, Rate.NONE, Rate.NONE, IpPrefixMap.empty());

    /// For Chiral: an office of 1,000 clients behind one address gets all its slots back at once after a
    /// restart, twice; a peer as rust-libp2p has it. For prefixes go-libp2p's proportions: an IPv6 /56 is
    /// one customer and holds what an address may, a /48 or an IPv4 /24 half of all slots. Chiral's
    /// clients dial every host of their registry through the relay, hence a circuit a second.
    public static final AdmissionLimits CHIRAL =
            new AdmissionLimits(
                    List.of(
                            new PrefixCap(false, 24, 2_048),
                            new PrefixCap(true, 56, 1_024),
                            new PrefixCap(true, 48, 2_048)),
                    0,
                    new Rate(30, Duration.ofMinutes(2)),
                    new Rate(2_048, Duration.ofMillis(100)),
                    new Rate(256, Duration.ofSeconds(1)),
                    new Rate(4_096, Duration.ofMillis(50)),
                    IpPrefixMap.empty());

    public AdmissionLimits {
        perPrefix = List.copyOf(perPrefix);
        if (perAsn < 0 || perPrefix.stream().anyMatch(cap -> cap.slots() < 1)) {
            throw new IllegalArgumentException("a relay limit is 0 (none) or positive");
        }
    }
}
