// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.simulation;

import java.net.InetAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.protocol.relay.HopService;
import network.chiral.edge.libp2p.protocol.relay.Refusal;
import network.chiral.edge.libp2p.protocol.relay.RelayLimits;
import network.chiral.edge.libp2p.protocol.relay.RelayListener;
import network.chiral.edge.libp2p.swarm.Joined;

/// Keeps its own books on a relay and looks at each event whether they agree with the limits.
final class RelayGuard implements RelayListener {
    /// What happened at all relays of a world, so that a story can tell that it was one.
    static final class Tally {
        final Map<Refusal, Integer> refusals = new EnumMap<>(Refusal.class);
        final Map<Joined.End, Integer> ends = new EnumMap<>(Joined.End.class);
        int granted;
        int renewed;
        int circuits;
        long bytes;

        @Override
        public String toString() {
            return granted
                    + " reservations, "
                    + renewed
                    + " renewals, "
                    + circuits
                    + " circuits with "
                    + bytes
                    + " bytes, ends "
                    + ends
                    + ", refusals "
                    + refusals;
        }
    }

    private final Simulator simulator;
    private final HopService hop;
    private final Function<PeerId, InetAddress> addresses;
    private final Tally tally;
    private final Map<InetAddress, Set<PeerId>> reserved = new HashMap<>();
    private final Map<PeerId, Integer> bySource = new HashMap<>();
    private final Map<PeerId, Integer> byDestination = new HashMap<>();
    private int open;

    /// @param addresses where a peer always is
    RelayGuard(
            Simulator simulator,
            HopService hop,
            Function<PeerId, InetAddress> addresses,
            Tally tally) {
        this.simulator = simulator;
        this.hop = hop;
        this.addresses = addresses;
        this.tally = tally;
        hop.addListener(this);
    }

    private static String shortened(PeerId peer) {
        return Integer.toHexString(peer.hashCode());
    }

    private RelayLimits limits() {
        return hop.limits();
    }

    @Override
    public void onReserved(PeerId peer, boolean renewal) {
        if (renewal) {
            tally.renewed++;
        } else {
            tally.granted++;
        }
        simulator.tell("slot for " + shortened(peer));
        int held = hop.reservationCount();
        atMost(held, limits().reservations(), "reservations");
        var neighbours =
                reserved.computeIfAbsent(addresses.apply(peer), _ -> new LinkedHashSet<>());
        neighbours.add(peer);
        neighbours.removeIf(one -> !hop.isReserved(one));
        atMost(neighbours.size(), limits().reservationsPerAddress(), "reservations of an address");
    }

    @Override
    public void onReservationRefused(PeerId peer, Refusal why) {
        refused(why);
    }

    @Override
    public void onCircuitOpened(PeerId source, PeerId destination) {
        tally.circuits++;
        open++;
        simulator.tell("circuit from " + shortened(source) + " to " + shortened(destination));
        atMost(open, limits().circuits(), "circuits");
        atMost(
                bySource.merge(source, 1, Integer::sum),
                limits().circuitsPerPeer(),
                "circuits of a source");
        atMost(
                byDestination.merge(destination, 1, Integer::sum),
                limits().circuitsPerPeer(),
                "circuits to a destination");
    }

    @Override
    public void onCircuitRefused(PeerId source, PeerId destination, Refusal why) {
        refused(why);
    }

    private void refused(Refusal why) {
        tally.refusals.merge(why, 1, Integer::sum);
    }

    @Override
    public void onCircuitClosed(PeerId source, PeerId destination, Joined joined, Duration lasted) {
        open--;
        bySource.merge(source, -1, Integer::sum);
        byDestination.merge(destination, -1, Integer::sum);
        tally.ends.merge(joined.end(), 1, Integer::sum);
        tally.bytes += joined.bytesForward() + joined.bytesBackward();
        atMost(joined.bytesForward(), limits().allowance().bytesEachWay(), "bytes forward");
        atMost(joined.bytesBackward(), limits().allowance().bytesEachWay(), "bytes backward");
        simulator.check(
                open <= hop.circuitCount(),
                "the relay counts " + hop.circuitCount() + " circuits, open are " + open);
    }

    @Override
    public void onBadRequest(PeerId peer, Refusal why) {
        simulator.fail(new AssertionError("a good request was called " + why));
    }

    private void atMost(long is, long limit, String what) {
        simulator.check(limit == 0 || is <= limit, is + " " + what + ", the limit is " + limit);
    }
}
