// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import network.chiral.edge.interop.NatNetwork.Place;

/// Nodes and peers at the places of a [NatNetwork], and how one sees that they have met.
///
/// All have the default scope of addresses, public ones, and listen at one port.
///
/// @param family `ip4` or `ip6`: what they listen on, and meet by
record NatPeers(Processes processes, String family) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// Three rounds of dials into nothing, each given up after 10 s.
    private static final Duration GIVING_UP = Duration.ofSeconds(90);

    static final int PORT = 4001;

    /// On every address of the place.
    String listen() {
        return (family.equals("ip4") ? "/ip4/0.0.0.0" : "/ip6/::") + "/tcp/" + PORT;
    }

    /// Where the public segment sees `place`.
    String socket(Place place) {
        return "/%s/%s/tcp/".formatted(family, family.equals("ip4") ? place.ip4() : place.ip6());
    }

    String address(Place place, String peer) {
        return socket(place) + PORT + "/p2p/" + peer;
    }

    /// A node.
    EdgeProcess node(Place place, Path dataDir, Map<String, String> more) {
        var settings =
                new HashMap<>(Map.of("CHIRAL_LISTEN", listen(), "CHIRAL_ADDRESS_SCOPE", "public"));
        settings.putAll(more);
        return processes.edge(place.prefix(), dataDir, settings);
    }

    /// A node as relay; its address.
    String relay(Path dataDir) {
        return address(Place.RELAY, node(Place.RELAY, dataDir, Map.of()).peerId());
    }

    /// The settings of a node that reserves at `relay`.
    static Map<String, String> edgeAt(String relay) {
        return Map.of(
                "CHIRAL_ROLES", "edge",
                "CHIRAL_EDGE_RESERVATIONS", "1",
                "CHIRAL_EDGE_RELAYS", relay);
    }

    /// A peer as its library ships it, that speaks DCUtR.
    PeerProcess peer(Place place, PeerLanguage language, String... flags) {
        var command = new ArrayList<>(place.prefix());
        command.addAll(language.command());
        command.add(language == PeerLanguage.GO ? "--natted" : "--holepunch");
        command.add("--listen");
        // at the server only the public address: everything else there is tried, too
        command.add(place == Place.SERVER ? socket(place) + PORT : listen());
        return processes.peer(language.toString(), language.library(), command, flags);
    }

    /// A peer that has met `relay`, and knows from it where it is.
    PeerProcess at(Place place, PeerLanguage language, String relay, String... flags) {
        var peer = peer(place, language, flags);
        peer.call("connect", "addr", relay);
        peer.call("identify", "peer", id(relay));
        if (language == PeerLanguage.GO) {
            peer.call("punches");
        }
        return peer;
    }

    /// The same, with a reservation.
    PeerProcess reserved(Place place, PeerLanguage language, String relay, String... flags) {
        var peer = at(place, language, relay, flags);
        peer.call("reserve", "addr", relay);
        return peer;
    }

    static String id(String address) {
        return address.substring(address.lastIndexOf('/') + 1);
    }

    static String circuit(String relay, String peer) {
        return relay + "/p2p-circuit/p2p/" + peer;
    }

    static void awaitReserved(EdgeProcess edge) {
        awaitLine(edge, "Reachable through a relay");
    }

    static void awaitLine(EdgeProcess edge, String text) {
        edge.process().awaitLine(ChildProcess.Source.ERR, text, PATIENCE);
    }

    /// The connection that leads from `peer` to the one at `place` without a relay.
    void awaitDirect(PeerProcess peer, Place place, String other) {
        peer.awaitEvent(
                "connected",
                event ->
                        event.path("peer").asText().equals(other)
                                && event.path("addr").asText().startsWith(socket(place))
                                && !event.path("addr").asText().contains("p2p-circuit"),
                PATIENCE);
        // a rust peer's stream may still go to the circuit, which it closes about now
        var ping =
                Patience.until(
                        PATIENCE,
                        () -> peer.send("ping", "peer", other, "count", 3).await(),
                        answer -> answer.path("ok").asBoolean());
        assertThat(ping.get("rttMs")).hasSize(3);
    }

    /// The circuit to `other` is closed, as it is after a punch.
    static void awaitNoCircuit(PeerProcess peer, String other) {
        peer.awaitEvent(
                "connection-closed",
                event ->
                        event.path("peer").asText().equals(other)
                                && event.path("addr").asText().contains("p2p-circuit"),
                PATIENCE);
    }

    /// `peer`, which took a circuit of `other` in, tells that it has tried in vain to reach it directly, and
    /// does no more.
    static void awaitGivenUp(PeerProcess peer, PeerLanguage language, String other) {
        if (language == PeerLanguage.JS) {
            peer.process().awaitLine(ChildProcess.Source.ERR, "DCUtR on attempt 3 of 3", GIVING_UP);
            return;
        }
        var failed =
                peer.awaitEvent(
                        "dcutr",
                        event ->
                                event.path("peer").asText().equals(other)
                                        // go goes on after a dial, and ends where an exchange fails
                                        && event.path("attempt").asInt(3) == 3,
                        GIVING_UP);
        assertThat(failed.get("ok").asBoolean()).as("%s", failed).isFalse();
    }

    /// Nothing direct was made, and the circuit carries what it is given.
    static void assertOnTheCircuitAlone(PeerProcess peer, String other) {
        assertThat(peer.process().stdout().lines())
                .filteredOn(line -> line.contains("\"event\":\"connected\""))
                .filteredOn(line -> line.contains(other))
                .isNotEmpty()
                .allMatch(line -> line.contains("p2p-circuit"));
        assertThat(peer.call("ping", "peer", other, "count", 3).get("rttMs")).hasSize(3);
    }
}
