// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.simulation;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.protocol.relay.HopService;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.ServedProtocol;
import network.chiral.edge.libp2p.swarm.SwarmListener;

/// Somebody behind a router: comes, keeps a slot at a relay, calls others, is called, and goes.
final class Person {
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(60);
    private static final int STOPS = 10; // rust-libp2p's relay client
    private static final Duration LEAST_BACKOFF = Duration.ofSeconds(1);
    private static final Duration MOST_BACKOFF = Duration.ofSeconds(30);

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
    private int relay;
    private Instant reservedUntil = Instant.EPOCH;

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
        return relay;
    }

    /// True where this one is here and believes to hold a slot.
    boolean isReachable() {
        return node.isPresent() && simulator.instant().isBefore(reservedUntil);
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
        here.addListener(SimulatedRelay.identify(here));
        here.serve(
                new ServedProtocol(
                        HopService.STOP,
                        stream -> new Call(this, here).take(stream),
                        STOPS,
                        STOP_PATIENCE));
        here.threads().start("keep a slot", () -> keepASlot(here));
        if (!manners.betweenCalls().isZero()) {
            here.threads().start("call", () -> callNowAndThen(here));
        }
    }

    /// Ends the program, in one way or another.
    void go() {
        var here = node.orElseThrow();
        node = Optional.empty();
        reservedUntil = Instant.EPOCH;
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

    private void keepASlot(SimulatedNode here) {
        var backoff = LEAST_BACKOFF;
        try {
            while (true) {
                try {
                    var connection = dial(here, relay);
                    backoff = LEAST_BACKOFF;
                    if (reserve(connection)) {
                        awaitRenewal(here, connection);
                    } else {
                        relay = (relay + 1) % town.relayCount();
                        here.threads()
                                .sleep(
                                        simulator.between(
                                                Duration.ofMinutes(1), Duration.ofMinutes(3)));
                    }
                } catch (IOException e) {
                    here.threads().sleep(simulator.between(backoff.dividedBy(2), backoff));
                    backoff = shorter(backoff.multipliedBy(2), MOST_BACKOFF);
                }
            }
        } catch (InterruptedException e) {
            // the program ends
        }
    }

    Connection dial(SimulatedNode here, int relay) throws IOException, InterruptedException {
        var there = town.place(relay);
        return here.dial(there.identity().peerId(), there.socket());
    }

    private boolean reserve(Connection connection) throws IOException {
        var stream = connection.open(HopService.HOP);
        stream.deadline(Call.PATIENCE);
        RelayWords.askForASlot(stream);
        var answer = RelayWords.readAnswer(stream);
        stream.closeWrite();
        reservedUntil = answer.status() == RelayWords.OK ? answer.expires() : Instant.EPOCH;
        return answer.status() == RelayWords.OK;
    }

    /// Waits until three quarters of the slot's time are over, or the connection is.
    private void awaitRenewal(SimulatedNode here, Connection connection)
            throws InterruptedException {
        var thread = Thread.currentThread();
        here.addListener(
                new SwarmListener() {
                    @Override
                    public void onDisconnected(Connection gone, boolean last, String reason) {
                        LockSupport.unpark(thread);
                    }
                });
        var left = Duration.between(simulator.instant(), reservedUntil);
        simulator.waitUntil(() -> !connection.isOpen(), simulator.now() + left.toNanos() * 3 / 4);
        if (!connection.isOpen()) {
            reservedUntil = Instant.EPOCH;
        }
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
