// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.UnknownFieldSet;
import io.netty.channel.nio.NioEventLoopGroup;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.IpPrefix;
import network.chiral.edge.libp2p.multiformats.IpPrefixMap;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.protocol.identify.IdentifyService;
import network.chiral.edge.libp2p.protocol.relay.HopService;
import network.chiral.edge.libp2p.protocol.relayauth.RelayAuthService;
import network.chiral.edge.libp2p.swarm.AccessLists;
import network.chiral.edge.libp2p.swarm.AccessLists.Entries;
import network.chiral.edge.libp2p.swarm.AccessLists.Use;
import network.chiral.edge.libp2p.swarm.Stream;
import network.chiral.edge.libp2p.testing.Eventually;
import network.chiral.edge.libp2p.testing.TestHosts;
import network.chiral.edge.libp2p.testing.TestNode;
import network.chiral.edge.libp2p.wire.ProtoWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The relay is turned on and off, is drained, and is told whom to serve, while peers are connected.
@Timeout(90)
class RelaySwitchTest {
    private static final byte[] RESERVE = {8, 0};

    private final NioEventLoopGroup loops = new NioEventLoopGroup(3);
    private final List<AutoCloseable> open = new ArrayList<>();
    private final BlockingQueue<List<String>> pushes = new LinkedBlockingQueue<>();
    private final BlockingQueue<Stream> stops = new LinkedBlockingQueue<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private TestNode alice;
    private TestNode bob;

    @BeforeEach
    void peers() throws IOException {
        alice = client("alice");
        bob = client("bob");
        alice.serve(
                IdentifyService.PROTOCOL,
                stream -> {
                    var self = new ProtoWriter().text(3, IdentifyService.PUSH.name());
                    stream.writeMessage(self.toBytes());
                });
        alice.serve(IdentifyService.PUSH, stream -> pushes.add(protocols(stream)));
        bob.serve(
                HopService.STOP,
                stream -> {
                    stream.readMessage(4096);
                    stream.writeMessage(HexFormat.of().parseHex("08012064"));
                    stops.add(stream);
                    over.await();
                });
    }

    private TestNode client(String name) throws IOException {
        var node = new TestNode(name, loops);
        open.add(node);
        return node;
    }

    private static List<String> protocols(Stream push) throws IOException {
        return UnknownFieldSet.parseFrom(push.readMessage(4096))
                .getField(3)
                .getLengthDelimitedList()
                .stream()
                .map(bytes -> bytes.toStringUtf8())
                .toList();
    }

    private Host relay(HostSettings settings) throws IOException {
        var host = TestHosts.start(settings, loops);
        open.add(host);
        return host;
    }

    private Host relay() throws IOException {
        return relay(TestHosts.settings("relay"));
    }

    @AfterEach
    void stop() throws Exception {
        over.countDown();
        for (var one : open) {
            one.close();
        }
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private static Stream hop(TestNode client, Host relay) throws Exception {
        return stream(client, relay, HopService.HOP);
    }

    private static Stream stream(TestNode client, Host relay, ProtocolId protocol)
            throws Exception {
        var stream = client.dial(relay.peerId(), relay.listening()).open(protocol);
        stream.deadline(Duration.ofSeconds(60));
        return stream;
    }

    private static long ask(Stream hop, byte[] request) throws IOException {
        hop.writeMessage(request);
        var answer = UnknownFieldSet.parseFrom(hop.readMessage(4096));
        return answer.getField(5).getVarintList().getFirst();
    }

    private static byte[] connect(PeerId destination) {
        var peer = new ProtoWriter().bytes(1, destination.bytes());
        return new ProtoWriter().number(1, 1).message(2, peer).toBytes();
    }

    private void identified(Host relay) throws Exception {
        alice.dial(relay.peerId(), relay.listening());
        Eventually.holds("identified", () -> relay.info(alice.peerId()).isPresent());
    }

    // --- on and off

    @Test
    @Clause("R18")
    void isTurnedOffAndOnAgainAndPeersAreTold() throws Exception {
        var relay = relay();
        identified(relay);
        assertThat(ask(hop(alice, relay), RESERVE)).isEqualTo(100);

        relay.relay(false);

        assertThat(relay.isRelay()).isFalse();
        assertThat(pushes.poll(30, TimeUnit.SECONDS)).doesNotContain(HopService.HOP.name());
        assertThat(relay.relay().reservationCount()).isZero();
        var refused = hop(alice, relay);
        assertThatThrownBy(() -> ask(refused, RESERVE)).isInstanceOf(IOException.class);

        relay.relay(true);

        assertThat(pushes.poll(30, TimeUnit.SECONDS)).contains(HopService.HOP.name());
        assertThat(ask(hop(alice, relay), RESERVE)).isEqualTo(100);
    }

    @Test
    @Clause("R18")
    void isARelayOnlyWhileItIsReachableWhereThatDecides() throws Exception {
        var relay = relay(TestHosts.settings("relay").relayMode(RelayMode.AUTO));
        assertThat(relay.isRelay()).isFalse();

        relay.publiclyReachable(true);
        assertThat(relay.isRelay()).isTrue();
        assertThat(ask(hop(alice, relay), RESERVE)).isEqualTo(100);

        relay.publiclyReachable(false);
        assertThat(relay.isRelay()).isFalse();
    }

    @Test
    void takesWordsAboutReachabilityForNothingWhereItWasTold() throws Exception {
        var off = relay(TestHosts.settings("off").relayMode(RelayMode.FALSE));
        off.publiclyReachable(true);

        assertThat(off.isRelay()).isFalse();
    }

    @Test
    void endsNoCircuitWhenItIsTurnedOff() throws Exception {
        var relay = relay();
        ask(hop(bob, relay), RESERVE);
        var source = hop(alice, relay);
        assertThat(ask(source, connect(bob.peerId()))).isEqualTo(100);

        relay.relay(false);

        source.write("hello".getBytes());
        assertThat(stops.poll(30, TimeUnit.SECONDS).read(5)).asString().isEqualTo("hello");
    }

    // --- draining

    @Test
    @Clause({"R18", "relay-drain-1"})
    void tellsPeersBeforeItSaysGoodbyeAndAnswersWhoAsksNevertheless() throws Exception {
        var relay = relay();
        identified(relay);
        var early = hop(alice, relay);
        var connection = early.connection();

        relay.drain();

        assertThat(pushes.poll(30, TimeUnit.SECONDS)).doesNotContain(HopService.HOP.name());
        assertThat(ask(early, RESERVE)).isEqualTo(201);
        Eventually.holds("goodbye was said", () -> takesNoStreams(connection));
        assertThat(connection.isOpen()).isTrue();
    }

    private static boolean takesNoStreams(network.chiral.edge.libp2p.swarm.Connection connection) {
        try {
            connection.open(HopService.HOP).reset();
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    @Clause("relay-drain-2")
    void letsCircuitsGoOnAndSaysGoodbyeWhenTheyHaveEnded() throws Exception {
        var relay = relay();
        ask(hop(bob, relay), RESERVE);
        var source = hop(alice, relay);
        ask(source, connect(bob.peerId()));
        var target = stops.poll(30, TimeUnit.SECONDS);

        relay.drain();
        relay.awaitCircuits(Duration.ofMillis(1)); // a grace that is too short ends in time

        source.write("hello".getBytes());
        assertThat(target.read(5)).asString().isEqualTo("hello");
        assertThat(takesNoStreams(source.connection())).isFalse();
        source.reset();
        relay.awaitCircuits(Duration.ofSeconds(60));
        assertThat(relay.relay().circuitCount()).isZero();
        Eventually.holds("goodbye was said", () -> takesNoStreams(source.connection()));
    }

    // --- lists

    private static AccessLists denying(Set<Use> uses, PeerId... peers) {
        return new AccessLists(
                Entries.NONE, Set.of(), new Entries(Set.of(peers), IpPrefixMap.empty()), uses);
    }

    @Test
    @Clause({"R10", "relay-acl-2"})
    void takesEverythingFromAPeerThatIsDenied() throws Exception {
        var relay = relay();
        ask(hop(bob, relay), RESERVE);
        var source = hop(alice, relay);
        ask(source, connect(bob.peerId()));

        relay.access(denying(Set.of(Use.values()), bob.peerId()));

        Eventually.holds("it is gone", () -> relay.connection(bob.peerId()).isEmpty());
        assertThatThrownBy(() -> source.read(1)).isInstanceOf(IOException.class);
        assertThat(relay.relay().isReserved(bob.peerId())).isFalse();
        bob.dial(relay.peerId(), relay.listening());
        Eventually.holds(
                "it is not taken back", () -> bob.swarm().connection(relay.peerId()).isEmpty());
        assertThat(relay.connection(bob.peerId())).isEmpty();
        assertThatThrownBy(() -> relay.dial(bob.peerId(), List.of(bob.address()), true))
                .isInstanceOf(IOException.class);
    }

    @Test
    @Clause({"R10", "relay-acl-2"})
    void endsTheCircuitsOfAPeerThatMayNotBeReachedAndNothingElse() throws Exception {
        var relay = relay();
        ask(hop(bob, relay), RESERVE);
        var source = hop(alice, relay);
        ask(source, connect(bob.peerId()));

        relay.access(denying(Set.of(Use.DESTINATION), bob.peerId()));

        assertThatThrownBy(() -> source.read(1)).isInstanceOf(IOException.class);
        Eventually.holds("it has ended", () -> relay.relay().circuitCount() == 0);
        assertThat(relay.relay().isReserved(bob.peerId())).isTrue();
        assertThat(ask(hop(alice, relay), connect(bob.peerId()))).isEqualTo(202);
    }

    @Test
    @Clause("R10")
    void takesNoHandshakeFromANetworkThatIsDenied() throws Exception {
        var relay = relay();
        var loopback = new IpPrefixMap<>(Map.of(IpPrefix.parse("127.0.0.0/8"), true));

        relay.access(
                new AccessLists(
                        Entries.NONE,
                        Set.of(),
                        new Entries(Set.of(), loopback),
                        Set.of(Use.CONNECTION)));

        assertThatThrownBy(() -> alice.dial(relay.peerId(), relay.listening()))
                .isInstanceOf(IOException.class);
        relay.access(AccessLists.OPEN);
        assertThat(ask(hop(alice, relay), RESERVE)).isEqualTo(100);
    }

    // --- tokens

    private static void show(TestNode client, Host relay, String token) throws Exception {
        var request = new ByteArrayOutputStream();
        request.writeBytes(new byte[] {(byte) token.length(), 0, 0, 0});
        request.writeBytes(token.getBytes());
        var stream = stream(client, relay, RelayAuthService.PROTOCOL);
        stream.write(request.toByteArray());
        assertThat(stream.read(1)).containsExactly(1);
    }

    @Test
    @Clause("relay-auth-5")
    void servesOnlyWhoHasShownATokenWhereItAsksForOne() throws Exception {
        var relay = relay(TestHosts.settings("relay").tokenGate(TokenGate.RESERVE));
        relay.relayTokens(List.of("let me in".getBytes()));
        assertThat(ask(hop(bob, relay), RESERVE)).isEqualTo(202);

        show(bob, relay, "let me in");

        assertThat(ask(hop(bob, relay), RESERVE)).isEqualTo(100);
        assertThat(ask(hop(alice, relay), connect(bob.peerId()))).isEqualTo(100);
        relay.relayTokens(List.of("another".getBytes()));
        assertThat(relay.relay().isReserved(bob.peerId())).isFalse();
        assertThat(ask(hop(bob, relay), RESERVE)).isEqualTo(202);
    }

    @Test
    @Clause("relay-auth-5")
    void asksForATokenBeforeACircuitWhereItIsToldTo() throws Exception {
        var relay = relay(TestHosts.settings("relay").tokenGate(TokenGate.RESERVE_AND_CONNECT));
        relay.relayTokens(List.of("let me in".getBytes()));
        show(bob, relay, "let me in");
        ask(hop(bob, relay), RESERVE);

        assertThat(ask(hop(alice, relay), connect(bob.peerId()))).isEqualTo(202);

        show(alice, relay, "let me in");
        assertThat(ask(hop(alice, relay), connect(bob.peerId()))).isEqualTo(100);
    }

    @Test
    @Clause("relay-auth-6")
    void doesNotSpeakOfTokensWhereItAsksForNone() throws Exception {
        var relay = relay();

        var stream = stream(alice, relay, RelayAuthService.PROTOCOL);

        assertThatThrownBy(() -> stream.read(1)).isInstanceOf(IOException.class);
    }
}
