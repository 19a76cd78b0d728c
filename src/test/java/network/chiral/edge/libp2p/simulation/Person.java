// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.simulation;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.relay.HopService;
import network.chiral.edge.libp2p.protocol.relay.client.RelayCandidate;
import network.chiral.edge.libp2p.protocol.relay.client.RelayClient;
import network.chiral.edge.libp2p.protocol.relay.client.ReservationKeeper;
import network.chiral.edge.libp2p.swarm.AddressScope;
import network.chiral.edge.libp2p.swarm.Circuit;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.ServedProtocol;
import network.chiral.edge.libp2p.swarm.Stream;

/// Somebody behind a router: comes, keeps a slot at a relay, calls others, is called, and goes.
final class Person {
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(60);
    private static final int STOPS = 10; // rust-libp2p's relay client

    /// How often somebody does what.
    ///
    /// @param session how long they stay, on the average
    /// @param absence how long they are away, on the average
    /// @param betweenCalls how long they are silent, on the average; zero for never a call
    /// @param reliability how many of those who are called take the call as they should
    record Manners(Duration session, Duration absence, Duration betweenCalls, double reliability) {}

    private final RelayWorld town;
    private final Simulator simulator;
    private final SimulatedRelay.Place place;
    private final int number;
    private final Manners manners;
    private Optional<SimulatedNode> node = Optional.empty();
    private Optional<ReservationKeeper> keeper = Optional.empty();
    private int relay;

    Person(RelayWorld town, SimulatedRelay.Place place, int number, Manners manners) {
        this.town = town;
        this.simulator = town.simulator();
        this.place = place;
        this.number = number;
        this.manners = manners;
        this.relay = number % town.relayCount();
    }

    PeerId peerId() {
        return place.identity().peerId();
    }

    RelayWorld town() {
        return town;
    }

    Manners manners() {
        return manners;
    }

    /// The relay that this one is at, or was last.
    int relay() {
        keeper.flatMap(one -> one.reservations().stream().findFirst())
                .ifPresent(slot -> relay = town.numberOf(slot.relay()));
        return relay;
    }

    /// True where this one is here and believes to hold a slot.
    boolean isReachable() {
        return node.isPresent() && keeper.map(one -> !one.reservations().isEmpty()).orElse(false);
    }

    /// True where this one's relay agrees.
    boolean isHeld() {
        return isReachable() && town.relay(relay()).hop().isReserved(peerId());
    }

    // --- coming and going

    /// Comes and goes until `end`.
    void live(Duration end) {
        simulator.start(
                place.name(),
                () -> {
                    try {
                        while (left(end).compareTo(Duration.ZERO) > 0) {
                            simulator.sleep(
                                    shorter(simulator.exponential(manners.absence()), left(end)));
                            come();
                            simulator.sleep(
                                    shorter(simulator.exponential(manners.session()), left(end)));
                            go();
                        }
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
    }

    private Duration left(Duration end) {
        return end.minusNanos(simulator.now());
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /// Starts the program.
    void come() {
        simulator.tell(place.name() + " comes");
        var here =
                new SimulatedNode(
                        town.world(),
                        place.name(),
                        place.identity(),
                        place.socket(),
                        number % 3 == 0);
        node = Optional.of(here);
        var identify = SimulatedRelay.identify(here);
        here.addListener(identify);
        var keeps = keeper(here);
        keeper = Optional.of(keeps);
        here.addListener(keeps);
        identify.onIdentified((connection, info) ->
                keeps.onIdentified(
                        connection, info.speaks(HopService.HOP), info.listenAddresses()));
        here.serve(
                new ServedProtocol(
                        HopService.STOP,
                        stream -> new Call(this, here).take(stream),
                        STOPS,
                        STOP_PATIENCE));
        keeps.start();
        if (!manners.betweenCalls().isZero()) {
            here.threads().start("call", () -> callNowAndThen(here));
        }
    }

    /// Ends the program, in one way or another.
    void go() {
        var here = node.orElseThrow();
        node = Optional.empty();
        keeper.orElseThrow().stop();
        keeper = Optional.empty();
        double how = simulator.random().nextDouble();
        simulator.tell(place.name() + " goes");
        if (how < 0.6) {
            here.leave();
        } else if (how < 0.85) {
            here.crash();
        } else {
            here.loseItsMachine();
        }
    }

    // --- the slot

    /// The node's own keeper of slots, which knows the relays of the town, the nearest first.
    private ReservationKeeper keeper(SimulatedNode here) {
        var network = new Wire(here);
        var client =
                new RelayClient(
                        SimulatedCrypto.CRYPTO,
                        peerId(),
                        AddressScope.ANY,
                        network,
                        simulator.clock());
        var relays = new ArrayList<RelayCandidate>();
        for (int i = 0; i < town.relayCount(); i++) {
            var there = town.place((number + i) % town.relayCount());
            relays.add(
                    new RelayCandidate(
                            there.identity().peerId(),
                            List.of(Multiaddr.ofTcp(there.socket())),
                            RelayCandidate.Source.CONFIGURED));
        }
        return new ReservationKeeper(
                client,
                network,
                1,
                List.of(() -> relays),
                new ReservationKeeper.Surroundings(
                        here.threads(), simulator.clock(), simulator.random()));
    }

    private record Wire(SimulatedNode here) implements RelayClient.Network {
        @Override
        public Connection dial(PeerId peer, Collection<Multiaddr> addresses)
                throws IOException, InterruptedException {
            var first = addresses.stream().flatMap(a -> a.tcpSocket().stream()).findFirst();
            return here.dial(peer, first.orElseThrow(() -> new IOException("no address")));
        }

        @Override
        public Connection upgrade(Stream stream, Circuit circuit) {
            throw new UnsupportedOperationException("calls are made by hand");
        }
    }

    Connection dial(SimulatedNode here, int relay) throws IOException, InterruptedException {
        var there = town.place(relay);
        return here.dial(there.identity().peerId(), there.socket());
    }

    // --- calls

    private void callNowAndThen(SimulatedNode here) {
        try {
            while (true) {
                here.threads().sleep(simulator.exponential(manners.betweenCalls()));
                int atOnce = simulator.chance(0.05) ? 6 : 1;
                for (int i = 0; i < atOnce; i++) {
                    var other = someoneElse();
                    here.threads().start("call " + other.number, () -> call(here, other));
                }
            }
        } catch (InterruptedException e) {
            // the program ends
        }
    }

    /// Mostly somebody who is there.
    private Person someoneElse() {
        var candidates = new ArrayList<Person>(List.of());
        while (candidates.size() < 8) {
            var one = town.people().get(simulator.random().nextInt(town.people().size()));
            if (one != this) {
                candidates.add(one);
            }
        }
        return candidates.stream()
                .filter(Person::isReachable)
                .findFirst()
                .orElse(candidates.getFirst());
    }

    private void call(SimulatedNode here, Person other) {
        try {
            new Call(this, here).make(other);
        } catch (IOException e) {
            // the network is as it is; what must not be, the call has looked at
        } catch (InterruptedException e) {
            // the program ends
        }
    }

    @Override
    public String toString() {
        return place.name();
    }
}
