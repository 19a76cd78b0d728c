// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.nio.NioEventLoopGroup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.protocol.kad.BucketView;
import network.chiral.edge.libp2p.protocol.kad.Dht;
import network.chiral.edge.libp2p.protocol.kad.KadPeer;
import network.chiral.edge.libp2p.protocol.kad.KadSettings;
import network.chiral.edge.libp2p.protocol.kad.KadTimes;
import network.chiral.edge.libp2p.swarm.AddressScope;
import network.chiral.edge.libp2p.swarm.Stream;
import network.chiral.edge.libp2p.testing.Eventually;
import network.chiral.edge.libp2p.testing.TestHosts;
import network.chiral.edge.libp2p.wire.ProtoWriter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// DHTs of real hosts on loopback.
class KadTest {
    private static final ProtocolId CHIRAL = new ProtocolId("/chiral/kad/1.0.0");
    private static final KadSettings SETTINGS =
            KadSettings.CHIRAL.with(
                    KadTimes.DEFAULT.withCare(Duration.ofSeconds(20), Duration.ofSeconds(20)));

    private static NioEventLoopGroup loops;
    private final List<Host> hosts = new ArrayList<>();

    @BeforeAll
    static void startLoops() {
        loops = new NioEventLoopGroup(2);
    }

    @AfterAll
    static void stopLoops() {
        loops.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS);
    }

    @AfterEach
    void closeAll() {
        hosts.forEach(Host::close);
    }

    private Host host(String name, KadSettings kad) throws IOException {
        return host(TestHosts.settings(name).kad(kad));
    }

    private Host host(HostSettings settings) throws IOException {
        var host = TestHosts.start(settings, loops);
        hosts.add(host);
        return host;
    }

    private static void connect(Host from, Host to) throws Exception {
        from.dial(to.peerId(), to.listening(), true);
    }

    private static Dht dht(Host host) {
        return host.dhts().getFirst();
    }

    private static List<PeerId> table(Host host) {
        return dht(host).table().stream()
                .flatMap(bucket -> bucket.peers().stream())
                .map(BucketView.PeerView::id)
                .toList();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    @Clause({"kad-bootstrap", "kad-lookup"})
    void thirtyHostsThatKnowOnlyOneFindEachOther() throws Exception {
        var bootstrap = host("bootstrap", SETTINGS);
        for (int i = 0; i < 30; i++) {
            connect(host("peer" + i, SETTINGS), bootstrap);
        }
        Eventually.holds(
                "all know somebody", () -> hosts.stream().allMatch(h -> dht(h).tableSize() > 0));
        Eventually.holds(
                "the bootstrap knows a full bucket", () -> dht(bootstrap).tableSize() >= 20);

        for (int i = 1; i <= 30; i += 5) {
            var seeker = hosts.get(i);
            var wanted = hosts.get(1 + (i + 6) % 30);
            Eventually.holds(
                    "found",
                    () -> find(seeker, wanted.peerId()).contains(wanted.listening().getFirst()));
        }
    }

    private static List<Multiaddr> find(Host seeker, PeerId wanted) {
        try {
            return dht(seeker).client().findPeer(wanted).map(KadPeer::addresses).orElse(List.of());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    @Test
    @Clause("K3")
    void aClientIsNeverInTheTable() throws Exception {
        var server = host("server", SETTINGS);
        var client = host("client", SETTINGS.with(KadSettings.Mode.CLIENT));
        var other = host("other", SETTINGS);
        connect(client, server);
        connect(other, server);

        Eventually.holds("the servers are", () -> table(server).contains(other.peerId()));
        Eventually.holds("the client knows", () -> server.info(client.peerId()).isPresent());
        Eventually.holds("the client asks", () -> table(client).contains(server.peerId()));
        assertThat(table(server)).containsExactly(other.peerId());
        assertThat(server.info(client.peerId()).orElseThrow().speaks(CHIRAL)).isFalse();
    }

    @Test
    @Clause({"K3", "I2"})
    void whoeverStopsServingLeavesTheTableAndComesBack() throws Exception {
        var one = host("one", SETTINGS);
        var two = host("two", SETTINGS);
        connect(one, two);
        Eventually.holds("two is there", () -> table(one).contains(two.peerId()));

        two.serverMode(false);

        Eventually.holds("two is gone", () -> table(one).isEmpty());
        two.serverMode(true);
        Eventually.holds("two is back", () -> table(one).contains(two.peerId()));
    }

    @Test
    void whoeverDiesIsNotHandedOutAndLeavesTheTable() throws Exception {
        var one = host("one", SETTINGS);
        var two = host("two", SETTINGS);
        connect(one, two);
        Eventually.holds("two is there", () -> table(one).contains(two.peerId()));

        two.close();

        Eventually.holds("two is gone", () -> table(one).isEmpty());
    }

    @Test
    @Clause("K8")
    void inPublicScopePrivateAddressesAreNeverInATable() throws Exception {
        var server =
                host(
                        TestHosts.settings("server")
                                .kad(SETTINGS.with(KadSettings.Mode.SERVER))
                                .scope(AddressScope.PUBLIC)
                                .announce(List.of(Multiaddr.parse("/ip4/8.8.8.8/tcp/4001"))));
        var hidden = host("hidden", SETTINGS);
        var public_ =
                host(
                        TestHosts.settings("public")
                                .kad(SETTINGS)
                                .announce(
                                        List.of(
                                                Multiaddr.parse("/ip4/127.0.0.1/tcp/4001"),
                                                Multiaddr.parse("/ip4/9.9.9.9/tcp/4001"))));

        connect(hidden, server);
        connect(public_, server);

        Eventually.holds("the public one is there", () -> table(server).contains(public_.peerId()));
        var shown = dht(server).table().getFirst().peers().getFirst();
        assertThat(shown.addresses()).containsExactly(Multiaddr.parse("/ip4/9.9.9.9/tcp/4001"));
        assertThat(table(server)).doesNotContain(hidden.peerId());
    }

    @Test
    @Clause({"kad-put", "kad-get-value", "kad-add-provider", "kad-get-providers"})
    void aValueAndAProviderAreFoundByOthers() throws Exception {
        var bootstrap = host("bootstrap", SETTINGS);
        for (int i = 0; i < 4; i++) {
            connect(host("peer" + i, SETTINGS), bootstrap);
        }
        Eventually.holds(
                "all are there", () -> hosts.stream().allMatch(h -> dht(h).tableSize() == 4));
        var writer = hosts.get(1);
        var reader = hosts.get(4);

        int taken = dht(writer).client().putValue(text("key"), text("value"));
        dht(writer).announce(text("file"), () -> true);

        assertThat(taken).isEqualTo(4);
        var found = dht(reader).client().getValue(text("key"));
        assertThat(found.orElseThrow().value()).isEqualTo(text("value"));
        assertThat(dht(reader).client().getValue(text("nothing"))).isEmpty();
        Eventually.holds("the reader heard of the provider", () -> dht(reader).providers() == 1);
        assertThat(dht(reader).client().findProviders(text("file")))
                .extracting(KadPeer::id)
                .containsExactly(writer.peerId());
    }

    @Test
    @Clause("K2")
    void answersManyRequestsOnOneStream() throws Exception {
        var server = host("server", SETTINGS);
        var client = host("client", KadSettings.NONE);
        connect(client, server);
        try (var stream = new Talk(open(client, server))) {
            for (int i = 0; i < 100; i++) {
                stream.say(new ProtoWriter().number(1, 5).toBytes());

                assertThat(stream.hear()).isEqualTo(new byte[] {8, 5});
            }
        }
    }

    @Test
    @Clause("K4")
    void resetsAStreamThatSendsMoreThanAPacket() throws Exception {
        var server = host("server", SETTINGS);
        var client = host("client", KadSettings.NONE);
        connect(client, server);
        try (var stream = new Talk(open(client, server))) {
            stream.say(new byte[16 * 1024 + 1]);

            assertThatThrownBy(stream::hear).isInstanceOf(IOException.class);
        }
    }

    @Test
    void eachDhtHasATableAndStoresOfItsOwn() throws Exception {
        var ipfs = new ProtocolId("/ipfs/kad/1.0.0");
        var both = host("both", SETTINGS.with(List.of(CHIRAL, ipfs)));
        var one = host("one", SETTINGS.with(List.of(ipfs)));
        connect(one, both);

        Eventually.holds("it is in one table", () -> both.dhts().get(1).tableSize() == 1);
        Eventually.holds("and knows whom to ask", () -> dht(one).tableSize() == 1);
        dht(one).client().putValue(text("key"), text("value"));

        assertThat(both.dhts().get(0).tableSize()).isZero();
        assertThat(both.dhts().get(0).records()).isZero();
        assertThat(both.dhts().get(1).records()).isOne();
    }

    @Test
    void whatADhtHeldIsThereAfterARestart() throws Exception {
        var before = host("before", SETTINGS);
        var after = host("after", SETTINGS);
        var client = host("client", SETTINGS);
        connect(client, before);
        Eventually.holds("they are connected", () -> dht(client).tableSize() == 1);
        for (int i = 0; i < 20; i++) {
            dht(client).client().putValue(text("key" + i), text("value" + i));
        }

        int restored = dht(after).restore(dht(before).contents());

        assertThat(restored).isEqualTo(20);
        assertThat(dht(after).client().getValue(text("key7")).orElseThrow().value())
                .isEqualTo(text("value7"));
    }

    private static Stream open(Host from, Host to) throws IOException {
        return from.connection(to.peerId()).orElseThrow().open(CHIRAL);
    }

    /// A stream with a deadline.
    private record Talk(Stream stream) implements AutoCloseable {
        Talk {
            stream.deadline(Duration.ofSeconds(20));
        }

        void say(byte[] message) throws IOException {
            stream.writeMessage(message);
        }

        byte[] hear() throws IOException {
            return stream.readMessage(65_536);
        }

        @Override
        public void close() {
            stream.reset();
        }
    }
}
