// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.identify;

import static network.chiral.edge.libp2p.testing.TestKeys.CRYPTO;
import static network.chiral.edge.libp2p.testing.TestKeys.identity;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.nio.NioEventLoopGroup;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.identity.PeerRecord;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.testing.Eventually;
import network.chiral.edge.libp2p.testing.TestNode;
import network.chiral.edge.libp2p.wire.ProtoWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(90)
class IdentifyServiceTest {
    private static final Multiaddr HOME = Multiaddr.parse("/ip4/192.0.2.1/tcp/4001");
    private static final Multiaddr WORK = Multiaddr.parse("/ip4/192.0.2.2/tcp/4001");
    private static final ProtocolId HOP = new ProtocolId("/libp2p/circuit/relay/0.2.0/hop");

    private final NioEventLoopGroup loops = new NioEventLoopGroup(2);
    private final List<Multiaddr> addresses = new ArrayList<>(List.of(HOME));
    private final LinkedBlockingQueue<PeerInfo> told = new LinkedBlockingQueue<>();
    private IdentifyService service;
    private TestNode node;
    private TestNode other;
    private Connection connection;

    @BeforeEach
    void connect() throws Exception {
        node = new TestNode("node", loops);
        service =
                new IdentifyService(
                        CRYPTO,
                        identity("node"),
                        new SelfDescription(
                                "/chiral/1.0.0",
                                "chiral/2.0.0",
                                () -> addresses,
                                () -> List.of(HOP)),
                        Clock.systemUTC());
        service.onIdentified((_, info) -> told.add(info));
        node.serve(IdentifyService.PROTOCOL, service::onStream);
        node.serve(IdentifyService.PUSH, service::onPush);
        node.swarm().addListener(service);
        other = new TestNode("other", loops);
    }

    @AfterEach
    void disconnect() {
        other.close();
        node.close();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private static byte[] agent(String agent) {
        return new ProtoWriter().text(6, agent).toBytes();
    }

    private static byte[] listens(Multiaddr address) {
        return new ProtoWriter().bytes(2, address.bytes()).toBytes();
    }

    /// Lets the other side describe itself with these messages.
    private PeerInfo learned(byte[]... messages) throws Exception {
        other.serve(
                IdentifyService.PROTOCOL,
                stream -> {
                    for (var message : messages) {
                        stream.writeMessage(message);
                    }
                    stream.closeWrite();
                });
        connection = other.dial(node);
        return told.poll(30, TimeUnit.SECONDS);
    }

    private void push(byte[]... messages) throws IOException {
        var stream = connection.open(IdentifyService.PUSH);
        stream.deadline(Duration.ofSeconds(30));
        for (var message : messages) {
            stream.writeMessage(message);
        }
        stream.closeWrite();
    }

    private Optional<PeerInfo> info() {
        return service.info(other.peerId());
    }

    @Test
    @Clause("I6")
    void putsAMessageInPartsTogether() throws Exception {
        var info = learned(agent("go"), listens(HOME), new ProtoWriter().text(3, "/a").toBytes());

        assertThat(info.agentVersion()).isEqualTo("go");
        assertThat(info.listenAddresses()).containsExactly(HOME);
        assertThat(info.protocols()).containsExactly(new ProtocolId("/a"));
    }

    @Test
    @Clause("I6")
    void readsNoMoreThanTenParts() throws Exception {
        var parts = IntStream.range(0, 20).mapToObj(i -> agent("part " + i)).toArray(byte[][]::new);

        var info = learned(parts);

        assertThat(info.agentVersion()).isEqualTo("part 9");
    }

    @Test
    @Clause("I7")
    void takesNothingFromAMessageThatIsTooLongAndKeepsTheConnection() throws Exception {
        other.serve(IdentifyService.PROTOCOL, stream -> stream.writeMessage(new byte[8_193]));
        connection = other.dial(node);
        push(agent("pushed"));

        assertThat(told.poll(30, TimeUnit.SECONDS).agentVersion()).isEqualTo("pushed");
        assertThat(connection.isOpen()).isTrue();
    }

    @Test
    @Clause("I1")
    void mergesAPushIntoWhatItKnows() throws Exception {
        learned(agent("go"), listens(HOME));

        push(new ProtoWriter().text(3, "/b").toBytes());

        Eventually.holds("it is merged", () -> info().orElseThrow().speaks(new ProtocolId("/b")));
        assertThat(info().orElseThrow().agentVersion()).isEqualTo("go");
        assertThat(info().orElseThrow().listenAddresses()).containsExactly(HOME);
    }

    @Test
    @Clause("I5")
    void prefersTheAddressesThatThePeerHasSigned() throws Exception {
        var record = new PeerRecord(other.peerId(), 1, List.of(WORK)).sign(identity("other"));

        var info = learned(new ProtoWriter().bytes(2, HOME.bytes()).bytes(8, record).toBytes());

        assertThat(info.listenAddresses()).containsExactly(WORK);
    }

    @Test
    @Clause("record-5")
    void isNotTalkedOutOfARecordByAnEarlierOne() throws Exception {
        var early = new PeerRecord(other.peerId(), 1, List.of(HOME)).sign(identity("other"));
        var late = new PeerRecord(other.peerId(), 2, List.of(WORK)).sign(identity("other"));
        assertThat(learned(new ProtoWriter().bytes(8, late).toBytes()).listenAddresses())
                .containsExactly(WORK);

        push(new ProtoWriter().bytes(2, HOME.bytes()).bytes(8, early).toBytes());

        assertThat(told.poll(30, TimeUnit.SECONDS).listenAddresses()).containsExactly(WORK);
    }

    @Test
    @Clause("record-5")
    void remembersARecordThatSaysWhatIsSaidPlainlyToo() throws Exception {
        var home = Multiaddr.parse("/ip4/127.0.0.1/tcp/1");
        var late = new PeerRecord(other.peerId(), 2, List.of(home, WORK)).sign(identity("other"));
        var early = new PeerRecord(other.peerId(), 1, List.of(HOME)).sign(identity("other"));
        assertThat(learned(plainAndSigned(WORK, late)).listenAddresses()).contains(WORK);

        push(plainAndSigned(HOME, early));

        assertThat(told.poll(30, TimeUnit.SECONDS).listenAddresses())
                .contains(WORK)
                .doesNotContain(HOME);
    }

    private static byte[] plainAndSigned(Multiaddr plain, byte[] record) {
        return new ProtoWriter().bytes(2, plain.bytes()).bytes(8, record).toBytes();
    }

    @Test
    @Clause("I5")
    void takesNoAddressFromARecordThatIsForgedOrAnothers() throws Exception {
        var forged = new PeerRecord(other.peerId(), 1, List.of(WORK)).sign(identity("other"));
        forged[forged.length - 1] ^= 1;
        var anothers = new PeerRecord(node.peerId(), 1, List.of(WORK)).sign(identity("node"));
        var stolen = new PeerRecord(other.peerId(), 1, List.of(WORK)).sign(identity("node"));

        var info = learned(new ProtoWriter().bytes(2, HOME.bytes()).bytes(8, forged).toBytes());
        assertThat(info.listenAddresses()).containsExactly(HOME);
        for (var record : List.of(anothers, stolen)) {
            push(new ProtoWriter().bytes(2, HOME.bytes()).bytes(8, record).toBytes());
            assertThat(told.poll(30, TimeUnit.SECONDS).listenAddresses()).containsExactly(HOME);
        }
    }

    @Test
    @Clause("I8")
    void learnsNothingFromAPeerThatClaimsAnothersKey() throws Exception {
        var claim = new ProtoWriter().bytes(1, identity("node").publicKey().serialized());
        other.serve(IdentifyService.PROTOCOL, stream -> stream.writeMessage(claim.toBytes()));
        connection = other.dial(node);
        push(claim.text(6, "liar").toBytes());
        push(agent("honest"));

        assertThat(told.poll(30, TimeUnit.SECONDS).agentVersion()).isEqualTo("honest");
    }

    @Test
    @Clause({"I2", "I3", "I4", "I5"})
    void describesItselfInNoMoreThanFourKilobytes() throws Exception {
        IntStream.range(0, 500)
                .mapToObj(i -> Multiaddr.parse("/ip4/192.0.2.1/tcp/" + (5_000 + i)))
                .forEach(addresses::add);
        learned(agent("go"));

        var stream = connection.open(IdentifyService.PROTOCOL);
        stream.deadline(Duration.ofSeconds(30));
        var bytes = stream.readMessage(IdentifyService.MAX_SENT);
        var message = IdentifyCodec.parse(bytes);

        assertThat(bytes.length).isLessThanOrEqualTo(4_096);
        assertThat(message.listenAddresses()).startsWith(HOME);
        assertThat(message.protocols()).containsExactly(HOP);
        assertThat(message.observedAddress().orElseThrow().toString())
                .startsWith("/ip4/127.0.0.1/tcp/");
        var record = PeerRecord.open(CRYPTO, message.signedPeerRecord().orElseThrow());
        assertThat(record.peer()).isEqualTo(node.peerId());
        assertThat(record.addresses()).isEqualTo(message.listenAddresses());
    }

    @Test
    @Clause({"I1", "R18"})
    void pushesToThoseThatTakeItAndKnowsWhenTheyHave() throws Exception {
        var pushed = new LinkedBlockingQueue<byte[]>();
        other.serve(IdentifyService.PUSH, stream -> pushed.add(stream.readMessage(8_192)));
        learned(new ProtoWriter().text(3, IdentifyService.PUSH.name()).toBytes());

        service.push(node.swarm().connections()).get(30, TimeUnit.SECONDS);

        assertThat(IdentifyCodec.parse(pushed.remove()).protocols()).containsExactly(HOP);
    }
}
