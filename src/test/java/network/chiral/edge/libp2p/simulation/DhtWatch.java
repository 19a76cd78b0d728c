// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.simulation;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import network.chiral.edge.libp2p.identity.Identity;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import network.chiral.edge.libp2p.wire.ProtoReader;
import network.chiral.edge.libp2p.wire.ProtoWriter;

/// Somebody who asks any server of a town for any key, and reads the answer by the letter of the
/// specification.
final class DhtWatch {
    private static final int K = 20;
    private static final int FIND_NODE = 4;

    private final DhtTown town;
    private final Simulator simulator;
    private final SimulatedNode here;
    private int asked;

    DhtWatch(DhtTown town) {
        this.town = town;
        this.simulator = town.simulator();
        var identity = Identity.ofSecret(SimulatedCrypto.CRYPTO, "watch");
        var socket = new InetSocketAddress("61.0.0.1", 4001);
        this.here = new SimulatedNode(town.world(), "watch", identity, socket, false);
        here.addListener(SimulatedRelay.identify(here));
        town.clients().add(here.peerId());
    }

    /// Asks every `pause` until `end`, and leaves.
    void ask(Duration pause, Duration end) {
        simulator.start(
                "watch",
                () -> {
                    try {
                        while (simulator.now() + pause.toNanos() < end.toNanos()) {
                            simulator.sleep(pause);
                            var server = town.any();
                            if (server.isServer()) {
                                ask(server);
                            }
                        }
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    } finally {
                        here.leave();
                    }
                });
    }

    /// Answers read so far.
    int asked() {
        return asked;
    }

    private void ask(DhtNode server) throws InterruptedException {
        try {
            var connection = here.dial(server.self(), server.node().socket());
            var stream = connection.open(DhtNode.PROTOCOL);
            stream.deadline(Duration.ofSeconds(10));
            var key = new byte[34];
            for (int i = 0; i < key.length; i++) {
                key[i] = (byte) simulator.random().nextInt();
            }
            stream.writeMessage(new ProtoWriter().number(1, FIND_NODE).bytes(2, key).toBytes());
            check(stream.readMessage(16 * 1024));
            stream.closeWrite();
            connection.close();
        } catch (MalformedMessage e) {
            simulator.fail(e);
        } catch (IOException e) {
            // churn
        }
    }

    private void check(byte[] answer) throws MalformedMessage {
        asked++;
        var named = new ArrayList<PeerId>();
        var in = new ProtoReader(answer);
        while (in.next()) {
            if (in.field() == 8) {
                var peer = new ProtoReader(in.bytes());
                simulator.check(peer.next() && peer.field() == 1, "a peer without an id");
                named.add(PeerId.ofBytes(peer.bytes()));
            } else {
                in.skip();
            }
        }
        simulator.check(named.size() <= K, named.size() + " peers in an answer");
        simulator.check(
                named.stream().noneMatch(town.clients()::contains), "a client in an answer");
        simulator.check(!named.contains(here.peerId()), "the asker in an answer");
        simulator.check(new HashSet<>(named).size() == named.size(), "a peer named twice");
    }
}
