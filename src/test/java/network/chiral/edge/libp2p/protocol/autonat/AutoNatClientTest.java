// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.autonat;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.nio.NioEventLoopGroup;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.host.Host;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatV2Message.DialDataRequest;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatV2Message.DialDataResponse;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatV2Message.DialRequest;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatV2Message.DialResponse;
import network.chiral.edge.libp2p.swarm.AddressScope;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.Stream;
import network.chiral.edge.libp2p.swarm.StreamHandler;
import network.chiral.edge.libp2p.swarm.Threads;
import network.chiral.edge.libp2p.testing.Eventually;
import network.chiral.edge.libp2p.testing.TestHosts;
import network.chiral.edge.libp2p.testing.TestNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The clients of both versions, with servers that do what they like.
@Timeout(90)
class AutoNatClientTest {
    private static final Multiaddr ELSEWHERE = Multiaddr.parse("/ip4/192.0.2.1/tcp/1");

    private final NioEventLoopGroup loops = new NioEventLoopGroup(2);
    private final List<AutoCloseable> open = new ArrayList<>();
    private final AutoNatV2Client client = new AutoNatV2Client(new Random(), Threads.VIRTUAL);
    private TestNode me;
    private TestNode server;

    @BeforeEach
    void start() throws Exception {
        me = node("me");
        server = node("server");
        me.serve(AutoNatV2Server.DIAL_BACK, client::onDialBack);
    }

    private TestNode node(String name) throws IOException {
        var node = new TestNode(name, loops);
        open.add(node);
        return node;
    }

    @AfterEach
    void stop() throws Exception {
        for (var one : open) {
            one.close();
        }
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private ProbeOutcome probe(StreamHandler answer, Multiaddr... addresses) throws Exception {
        server.serve(AutoNatV2Server.DIAL_REQUEST, answer);
        var outcome = client.probe(me.dial(server), List.of(addresses));
        assertThat(client.waiting()).isZero();
        return outcome;
    }

    private static DialRequest request(Stream stream) throws IOException {
        return (DialRequest) AutoNatV2Codec.parse(stream.readMessage(8192));
    }

    private static void say(Stream stream, AutoNatV2Message message) throws IOException {
        stream.writeMessage(AutoNatV2Codec.toBytes(message));
    }

    private static DialResponse done(DialStatus status) {
        return new DialResponse(AutoNatV2Status.OK, 0, status);
    }

    private void bring(long nonce, Connection over) throws IOException {
        var back = over.open(AutoNatV2Server.DIAL_BACK);
        back.deadline(Duration.ofSeconds(10));
        back.writeMessage(AutoNatV2Codec.dialBack(nonce));
        back.closeWrite();
        AutoNatV2Codec.isDialBackOk(back.readMessage(100));
        assertThat(back.atEnd()).isTrue();
    }

    private Connection fresh() throws IOException, InterruptedException {
        return server.dialer().dialFresh(me.peerId(), me.address(), Duration.ofSeconds(10));
    }

    @Test
    @Clause({"autonat-v2-nonce", "autonat-v2-client-close"})
    void believesTheServerThatBroughtTheNonce() throws Exception {
        var outcome =
                probe(
                        stream -> {
                            bring(request(stream).nonce(), fresh());
                            say(stream, done(DialStatus.OK));
                            assertThat(stream.atEnd()).isTrue();
                        },
                        me.address());

        assertThat(outcome).isEqualTo(new ProbeOutcome.Reached(Optional.of(me.address())));
    }

    @Test
    @Clause("autonat-v2-nonce")
    void discardsAnotherNonceAndTheAnswerThatRestsOnIt() throws Exception {
        var refused = new CopyOnWriteArrayList<IOException>();

        var outcome =
                probe(
                        stream -> {
                            long nonce = request(stream).nonce();
                            try {
                                bring(nonce + 1, fresh());
                            } catch (IOException e) {
                                refused.add(e);
                            }
                            say(stream, done(DialStatus.OK));
                        },
                        me.address());

        assertThat(outcome).isInstanceOf(ProbeOutcome.Failed.class);
        assertThat(refused).hasSize(1);
    }

    @Test
    @Clause("autonat-v2-local-address")
    void takesNoNonceThatComesOverTheConnectionItHasMadeItself() throws Exception {
        var outcome =
                probe(
                        stream -> {
                            bring(request(stream).nonce(), stream.connection());
                            say(stream, done(DialStatus.OK));
                        },
                        me.address());

        assertThat(outcome).isInstanceOf(ProbeOutcome.Failed.class);
    }

    @Test
    @Clause("autonat-v2-local-address")
    void takesNoNonceThatComesOverAnotherFamilyThanTheAddress() throws Exception {
        var outcome =
                probe(
                        stream -> {
                            bring(request(stream).nonce(), fresh());
                            say(stream, done(DialStatus.OK));
                        },
                        Multiaddr.parse("/ip6/2001:db8::1/tcp/1"));

        assertThat(outcome).isInstanceOf(ProbeOutcome.Failed.class);
    }

    @Test
    void believesTheNonceWhateverTheServerMakesOfIt() throws Exception {
        var outcome =
                probe(
                        stream -> {
                            bring(request(stream).nonce(), fresh());
                            say(stream, done(DialStatus.E_DIAL_BACK_ERROR));
                        },
                        me.address());

        assertThat(outcome).isEqualTo(new ProbeOutcome.Reached(Optional.of(me.address())));
    }

    @Test
    void paysExactlyWhatTheServerAsksFor() throws Exception {
        var paid = new CopyOnWriteArrayList<Integer>();

        var outcome =
                probe(
                        stream -> {
                            request(stream);
                            say(stream, new DialDataRequest(0, 100_000));
                            for (int left = 100_000; left > 0; left -= paid.getLast()) {
                                var data = AutoNatV2Codec.parse(stream.readMessage(4104));
                                paid.add(((DialDataResponse) data).length());
                            }
                            say(stream, done(DialStatus.E_DIAL_ERROR));
                        },
                        ELSEWHERE);

        assertThat(outcome).isEqualTo(new ProbeOutcome.Unreached(Optional.of(ELSEWHERE)));
        assertThat(paid.stream().mapToInt(Integer::intValue).sum()).isEqualTo(100_000);
        assertThat(paid).allMatch(length -> length <= 4096);
    }

    @Test
    @Clause("autonat-v2-client-data")
    void paysNoMoreThanTheSpecificationAllows() throws Exception {
        for (long bytes : new long[] {100_001, -1}) {
            var outcome =
                    probe(
                            stream -> {
                                request(stream);
                                say(stream, new DialDataRequest(0, bytes));
                                stream.atEnd();
                            },
                            ELSEWHERE);

            assertThat(outcome).isInstanceOf(ProbeOutcome.Failed.class);
        }
    }

    @Test
    void learnsNothingFromAnswersThatMakeNoSense() throws Exception {
        for (var answer :
                List.of(
                        DialResponse.without(AutoNatV2Status.E_REQUEST_REJECTED),
                        DialResponse.without(AutoNatV2Status.E_INTERNAL_ERROR),
                        done(DialStatus.UNUSED),
                        new DialResponse(AutoNatV2Status.OK, 1, DialStatus.E_DIAL_ERROR),
                        new DialDataRequest(1, 30_000),
                        new DialDataResponse(3))) {
            var outcome =
                    probe(
                            stream -> {
                                request(stream);
                                say(stream, answer);
                            },
                            ELSEWHERE);

            assertThat(outcome).as("%s", answer).isInstanceOf(ProbeOutcome.Failed.class);
        }
        assertThat(
                        probe(
                                stream ->
                                        say(
                                                stream,
                                                DialResponse.without(
                                                        AutoNatV2Status.E_DIAL_REFUSED)),
                                ELSEWHERE))
                .isInstanceOf(ProbeOutcome.Refused.class);
    }

    // --- a host that asks by itself

    private Host asking() throws IOException {
        var host =
                TestHosts.start(
                        TestHosts.settings("asking")
                                .autonat(
                                        new AutoNatSettings(
                                                false,
                                                true,
                                                AutoNatLimits.DEFAULT,
                                                Duration.ofMillis(50))),
                        loops);
        open.add(host);
        return host;
    }

    @Test
    void aHostFindsOutThatItIsPublicAndSaysWhoReachedIt() throws Exception {
        var asking = asking();
        var news = new CopyOnWriteArrayList<ReachabilityDetails>();
        asking.onAutoNat(
                new AutoNatListener() {
                    @Override
                    public void onReachability(ReachabilityDetails details) {
                        news.add(details);
                    }
                });
        for (var name : List.of("one", "two")) {
            var settings = TestHosts.settings(name).autonat(AutoNatSettings.DEFAULT);
            var other = TestHosts.start(settings, loops);
            open.add(other);
            asking.dial(other.peerId(), other.listening(), true);
        }

        Eventually.holds("public", () -> asking.reachability().overall() == Reachability.PUBLIC);

        var details = asking.reachability();
        assertThat(details.addresses(Reachability.PUBLIC)).isEqualTo(asking.announced());
        assertThat(details.why()).contains("reached " + asking.announced().getFirst());
        Eventually.holds("told", () -> news.getLast().overall() == Reachability.PUBLIC);
    }

    @Test
    @Clause("autonat-v2-client-private")
    void aHostAsksAboutNoAddressThatIsNotInScope() throws Exception {
        var asked = new CopyOnWriteArrayList<AutoNatV2Message>();
        server.serve(AutoNatV2Server.DIAL_REQUEST, stream -> asked.add(request(stream)));
        var hidden =
                TestHosts.start(
                        TestHosts.settings("hidden")
                                .scope(AddressScope.PUBLIC)
                                .announce(
                                        List.of(
                                                Multiaddr.parse("/ip4/10.0.0.1/tcp/4001"),
                                                Multiaddr.parse("/ip4/8.8.8.8/tcp/4001")))
                                .autonat(AutoNatSettings.DEFAULT),
                        loops);
        open.add(hidden);
        var connection = me.dial(server);
        var prober =
                new AutoNatProber(
                        new AutoNatProber.Sources(
                                hidden::announced, () -> List.of(connection), (_, _) -> true),
                        client,
                        new AutoNatV1Client(me.peerId()),
                        motion());

        prober.ask();

        assertThat(asked)
                .singleElement()
                .isInstanceOfSatisfying(
                        DialRequest.class,
                        request ->
                                assertThat(request.addresses())
                                        .containsExactly(
                                                Optional.of(
                                                        Multiaddr.parse("/ip4/8.8.8.8/tcp/4001"))));
    }

    private static AutoNatProber.Motion motion() {
        return new AutoNatProber.Motion(
                new Random(), Threads.VIRTUAL, Clock.systemUTC(), Duration.ofSeconds(5));
    }

    @Test
    @Clause("autonat-v1-public")
    void asksServersOfVersionOneWhereThereAreNoOthers() throws Exception {
        var connections = new ArrayList<Connection>();
        for (int i = 0; i < 3; i++) {
            var old = node("old" + i);
            var server =
                    new AutoNatV1Server(
                            AutoNatLimits.DEFAULT,
                            new DialBackPolicy(AddressScope.ANY, _ -> true, _ -> false),
                            old.dialer(),
                            Threads.VIRTUAL,
                            Clock.systemUTC());
            old.serve(AutoNatV1Server.PROTOCOL, server::onStream);
            connections.add(me.dial(old));
        }
        var prober =
                new AutoNatProber(
                        new AutoNatProber.Sources(
                                () -> List.of(me.address()),
                                () -> connections,
                                (_, protocol) -> protocol.equals(AutoNatV1Server.PROTOCOL)),
                        client,
                        new AutoNatV1Client(me.peerId()),
                        motion());

        prober.ask();
        prober.ask();
        assertThat(prober.details().overall()).isEqualTo(Reachability.UNKNOWN);
        prober.ask();
        assertThat(prober.details().overall()).isEqualTo(Reachability.PUBLIC);
        prober.ask(); // all have been asked lately
        assertThat(prober.details().recent()).hasSize(3);
    }
}
