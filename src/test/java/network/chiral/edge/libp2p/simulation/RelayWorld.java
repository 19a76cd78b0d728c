// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.simulation;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import network.chiral.edge.libp2p.identity.Identity;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.protocol.relay.RelayLimits;

/// Relays that restart, and people who come, are reached through them, and go.
final class RelayWorld {
    private static final int PORT = 4001;

    private final Simulator simulator;
    private final World world;
    private final RelayLimits limits;
    private final List<SimulatedRelay.Place> places = new ArrayList<>();
    private final List<SimulatedRelay> relays = new ArrayList<>();
    private final List<SimulatedRelay> former = new ArrayList<>();
    private final List<Person> people = new ArrayList<>();
    private final Map<PeerId, InetAddress> addresses = new HashMap<>();
    private final RelayGuard.Tally tally = new RelayGuard.Tally();

    RelayWorld(Simulator simulator, Duration meanLifeOfALink, int relayCount, RelayLimits limits) {
        this.simulator = simulator;
        this.world = new World(simulator, meanLifeOfALink);
        this.limits = limits;
        for (int i = 0; i < relayCount; i++) {
            var name = "relay " + i;
            var socket = new InetSocketAddress(address(62, 0, 2, i + 1), PORT);
            places.add(new SimulatedRelay.Place(name, identity(name), socket));
            relays.add(begin(i));
        }
    }

    /// Adds somebody; about one in `perAddress` has an address of their own.
    Person addPerson(int peoplePerAddress, Person.Manners manners) {
        int number = people.size();
        int house = number / peoplePerAddress;
        var name = "person " + number;
        var socket =
                new InetSocketAddress(
                        address(10, house >> 16, house >> 8, house),
                        PORT + number % peoplePerAddress);
        var identity = identity(name);
        addresses.put(identity.peerId(), socket.getAddress());
        var place = new SimulatedRelay.Place(name, identity, socket);
        var person = new Person(this, place, number, manners);
        people.add(person);
        return person;
    }

    private static Identity identity(String name) {
        return Identity.ofSecret(SimulatedCrypto.CRYPTO, name);
    }

    private static InetAddress address(int... parts) {
        try {
            var bytes = new byte[parts.length];
            for (int i = 0; i < parts.length; i++) {
                bytes[i] = (byte) parts[i];
            }
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private SimulatedRelay begin(int number) {
        var relay = new SimulatedRelay(world, places.get(number), limits);
        new RelayGuard(simulator, relay.hop(), addresses::get, tally);
        return relay;
    }

    Simulator simulator() {
        return simulator;
    }

    World world() {
        return world;
    }

    RelayLimits limits() {
        return limits;
    }

    RelayGuard.Tally tally() {
        return tally;
    }

    int relayCount() {
        return places.size();
    }

    /// The relay of a number, as it is now; perhaps it is down.
    SimulatedRelay relay(int number) {
        return relays.get(number);
    }

    int numberOf(PeerId relay) {
        for (int i = 0; i < places.size(); i++) {
            if (places.get(i).identity().peerId().equals(relay)) {
                return i;
            }
        }
        throw new IllegalArgumentException(relay + " is no relay of this town");
    }

    SimulatedRelay.Place place(int relay) {
        return places.get(relay);
    }

    List<SimulatedRelay> relays() {
        return relays;
    }

    /// Relays that have been, before they were started again.
    List<SimulatedRelay> former() {
        return former;
    }

    List<Person> people() {
        return people;
    }

    /// Stops a relay as an operator does, and starts it again.
    void restartWithDrain(int number, Duration pause) {
        var relay = relays.get(number);
        simulator.tell(relay.node() + " drains");
        relay.drain();
        simulator.after(
                Duration.ofSeconds(5),
                () -> {
                    relay.node().leave();
                    startAgain(number, pause);
                });
    }

    /// Kills a relay, and starts it again.
    void restartByCrash(int number, Duration pause) {
        var relay = relays.get(number);
        simulator.tell(relay.node() + " crashes");
        relay.node().crash();
        startAgain(number, pause);
    }

    private void startAgain(int number, Duration pause) {
        simulator.after(
                pause,
                () -> {
                    former.add(relays.get(number));
                    relays.set(number, begin(number));
                    simulator.tell(relays.get(number).node() + " is back");
                });
    }
}
