// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import network.chiral.edge.libp2p.identity.Identity;
import network.chiral.edge.libp2p.protocol.relay.HopService;
import network.chiral.edge.libp2p.swarm.ServedProtocol;
import network.chiral.edge.libp2p.swarm.StreamHandler;
import org.junit.jupiter.api.Test;

/// A destination that takes every STOP stream and never says a word.
@Seeds.Named
class DeafDestinationSimulationTest {
    private static final int RESOURCE_LIMIT_EXCEEDED = 201;
    private static final int CONNECTION_FAILED = 203;
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Simulator simulator = new Simulator(Seeds.seed());
    private final RelayWorld town =
            new RelayWorld(simulator, Duration.ZERO, 1, RelaySimulationTest.CAMPUS);
    private final List<SimulatedNode> nodes = new ArrayList<>();
    private final TreeMap<String, Integer> answers = new TreeMap<>();

    @Test
    void itHoldsUpItsOwnCallersOnlyAndThemNotForEver() {
        var deaf =
                destination(
                        "deaf",
                        stop -> {
                            RelayWords.readStop(stop);
                            stop.atEnd();
                        });
        var well =
                destination(
                        "well",
                        stop -> {
                            RelayWords.readStop(stop);
                            RelayWords.answerStop(stop, RelayWords.OK);
                            stop.deadline(MINUTE.multipliedBy(5));
                            stop.atEnd();
                        });
        simulator.run(MINUTE);
        for (int i = 0; i < 100; i++) {
            var caller = node("caller " + i);
            var other = i % 4 == 0 ? well : deaf;
            caller.threads().start("call", () -> call(caller, other));
        }

        simulator.run(Duration.ofSeconds(5));
        assertThat(answers)
                .containsOnly(
                        Map.entry("well " + RelayWords.OK, 16),
                        Map.entry("well " + RESOURCE_LIMIT_EXCEEDED, 9),
                        Map.entry("deaf " + RESOURCE_LIMIT_EXCEEDED, 59));

        simulator.run(MINUTE);
        assertThat(answers).containsEntry("deaf " + CONNECTION_FAILED, 16);
        nodes.forEach(SimulatedNode::leave);
        RelaySimulationTest.everythingGoes(town);
    }

    private SimulatedNode destination(String name, StreamHandler atStop) {
        var node = node(name);
        node.serve(new ServedProtocol(HopService.STOP, atStop, 64, HopService.PATIENCE));
        node.threads()
                .start(
                        "reserve",
                        () -> {
                            try {
                                var hop = hop(node);
                                RelayWords.askForASlot(hop);
                                assertThat(RelayWords.readAnswer(hop).status())
                                        .isEqualTo(RelayWords.OK);
                            } catch (IOException | InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        });
        return node;
    }

    private void call(SimulatedNode caller, SimulatedNode other) {
        try {
            var hop = hop(caller);
            hop.deadline(Call.PATIENCE);
            RelayWords.askForACircuit(hop, other.peerId());
            answers.merge(other + " " + RelayWords.readAnswer(hop).status(), 1, Integer::sum);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private MemoryStream hop(SimulatedNode from) throws IOException, InterruptedException {
        var relay = town.place(0);
        var connection = from.dial(relay.identity().peerId(), relay.socket());
        return (MemoryStream) connection.open(HopService.HOP);
    }

    private SimulatedNode node(String name) {
        var socket = new InetSocketAddress("10.0.0." + (nodes.size() + 1), 4001);
        var identity = Identity.ofSecret(SimulatedCrypto.CRYPTO, name);
        var node = new SimulatedNode(town.world(), name, identity, socket, false);
        node.addListener(SimulatedRelay.identify(node));
        nodes.add(node);
        return node;
    }
}
