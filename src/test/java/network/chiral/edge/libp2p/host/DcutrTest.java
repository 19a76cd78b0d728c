// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.nio.NioEventLoopGroup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.dcutr.DcutrListener;
import network.chiral.edge.libp2p.swarm.CircuitAddress;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.testing.Eventually;
import network.chiral.edge.libp2p.testing.TestHosts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Two hosts that meet through a relay on loopback and connect directly.
@Timeout(90)
class DcutrTest {
    /// Nothing listens here, so that a dial without the other's help fails.
    private static final Multiaddr NOWHERE = Multiaddr.parse("/ip4/127.0.0.1/tcp/1");

    /// One is enough, but for a machine so busy that all three attempts come too late.
    private static final int CIRCUITS = 4;

    private final NioEventLoopGroup loops = new NioEventLoopGroup(3);
    private final List<Host> hosts = new ArrayList<>();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private Host relay;

    @BeforeEach
    void start() throws Exception {
        relay = TestHosts.start("relay", loops);
        hosts.add(relay);
    }

    @AfterEach
    void stop() {
        hosts.forEach(Host::close);
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private Host edge(String name, List<Multiaddr> announce) throws IOException {
        var address = relay.listening().getFirst().withPeer(relay.peerId().bytes());
        var host =
                TestHosts.start(
                        TestHosts.settings(name)
                                .announce(announce)
                                .edge(new EdgeSettings(List.of(address), 1, List.of())),
                        loops);
        hosts.add(host);
        host.edge()
                .onPunch(
                        new DcutrListener() {
                            @Override
                            public void onDirectDial(PeerId peer, boolean success) {
                                told.add(name + " alone " + success);
                            }

                            @Override
                            public void onFinished(
                                    PeerId peer,
                                    Side side,
                                    int attempts,
                                    Outcome outcome,
                                    List<Multiaddr> theirs) {
                                told.add(name + " " + side + " " + outcome);
                            }

                            @Override
                            public void onProtocolError(PeerId peer, String why) {
                                told.add(name + " " + why);
                            }
                        });
        host.edge().activate(true);
        Eventually.holds("reserved", () -> host.edge().reservations().size() == 1);
        Eventually.holds("introduced", () -> host.info(relay.peerId()).isPresent());
        return host;
    }

    private Connection meet(Host from, Host to) throws Exception {
        var address = CircuitAddress.through(relay.listening().getFirst(), relay.peerId());
        return from.dial(to.peerId(), List.of(address), true);
    }

    private static boolean isDirect(Host from, Host to) {
        return from.connection(to.peerId()).map(one -> !one.isRelayed()).orElse(false);
    }

    @Test
    @Clause({"dcutr-1", "dcutr-13"})
    void dialsAPeerThatHasAnAddressOfItsOwn() throws Exception {
        var bob = edge("bob", List.of());
        var alice = edge("alice", List.of());

        var circuit = meet(alice, bob);

        assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo("bob alone true");
        Eventually.holds("bob goes direct", () -> isDirect(bob, alice));
        Eventually.holds("alice goes direct", () -> isDirect(alice, bob));
        Eventually.holds("the circuit is left", () -> !circuit.isOpen());
        assertThat(isDirect(alice, bob)).isTrue();
    }

    @Test
    @Clause({"dcutr-2", "dcutr-3", "dcutr-4", "dcutr-5", "dcutr-6", "dcutr-7", "dcutr-9"})
    void connectsDirectlyWhenBothDialAtTheSameMoment() throws Exception {
        var bob = edge("bob", List.of(NOWHERE));
        var alice = edge("alice", List.of(NOWHERE));

        var heard = new HashSet<String>();
        for (int circuit = 0; circuit < CIRCUITS && !isPunched(bob, alice); circuit++) {
            part(bob, alice);
            meet(alice, bob);
            awaitOutcome(heard);
        }

        while (!heard.contains("alice RECEIVER SUCCESS")) {
            heard.add(next());
        }
        assertThat(heard).contains("bob alone false", "bob INITIATOR SUCCESS");
        Eventually.holds("alice goes direct", () -> isDirect(alice, bob));
        var hers = alice.connection(bob.peerId()).orElseThrow();
        var his = bob.connection(alice.peerId()).orElseThrow();
        assertThat(hers.direction()).isEqualTo(Connection.Direction.OUTBOUND);
        assertThat(his.direction()).isEqualTo(Connection.Direction.INBOUND);
        assertThat(alice.ping(hers)).isPositive();
        assertThat(bob.ping(his)).isPositive();
    }

    /// Of the three attempts on a circuit, the last has the roles the other way round.
    private static boolean isPunched(Host bob, Host alice) {
        return bob.connection(alice.peerId())
                .filter(one -> !one.isRelayed())
                .map(one -> one.direction() == Connection.Direction.INBOUND)
                .orElse(false);
    }

    private static void part(Host bob, Host alice) {
        Eventually.holds(
                "apart",
                () -> {
                    bob.connection(alice.peerId()).ifPresent(Connection::close);
                    alice.connection(bob.peerId()).ifPresent(Connection::close);
                    return bob.connection(alice.peerId()).isEmpty()
                            && alice.connection(bob.peerId()).isEmpty();
                });
    }

    private void awaitOutcome(Set<String> heard) throws InterruptedException {
        var next = "";
        while (!next.startsWith("bob INITIATOR")) {
            next = next();
            heard.add(next);
        }
    }

    private String next() throws InterruptedException {
        var next = told.poll(30, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }
}
