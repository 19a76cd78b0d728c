// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.mdns;

import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.mdns.MdnsMessage.Question;
import network.chiral.edge.libp2p.swarm.AddressScope;
import network.chiral.edge.libp2p.swarm.Threads;
import network.chiral.edge.libp2p.testing.Eventually;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Services on a link in memory.
class MdnsServiceTest {
    private static final InetAddress FAR = address("192.0.2.1");

    private final List<Station> link = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        link.forEach(Station::stop);
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A machine on the link 10.0.0.0/24, with a service unless it only listens in.
    private final class Station implements MdnsLink, MdnsSurroundings, MdnsListener {
        private final BlockingQueue<Packet> inbox = new ArrayBlockingQueue<>(10_000);
        private final List<Packet> unicasts = new CopyOnWriteArrayList<>();
        private final List<FoundPeer> dialled = new CopyOnWriteArrayList<>();
        private final List<Ignored> ignored = new CopyOnWriteArrayList<>();
        private final PeerId self;
        private final InetAddress ip;
        private final MdnsService service;
        private volatile boolean closed;

        Station(String name, String ip) {
            this.self = peer(name);
            this.ip = address(ip);
            this.service =
                    new MdnsService(
                            new MdnsSettings(true, MdnsSettings.INTERVAL),
                            this,
                            Threads.VIRTUAL,
                            Clock.systemUTC());
            service.addListener(this);
            link.add(this);
        }

        Station start() {
            service.start();
            return this;
        }

        void stop() {
            service.stop();
        }

        void say(MdnsMessage message, int port) {
            hear(MdnsCodec.toBytes(message), new InetSocketAddress(ip, port));
        }

        private void hear(byte[] packet, InetSocketAddress source) {
            link.forEach(station -> station.inbox.add(new Packet(packet, source)));
        }

        // --- as a link

        @Override
        public String name() {
            return "memory";
        }

        @Override
        public List<InetAddress> addresses() {
            return List.of(ip);
        }

        @Override
        public boolean isOnLink(InetAddress other) {
            return other.getAddress()[0] == 10;
        }

        @Override
        public boolean isStale() {
            return false;
        }

        @Override
        public Packet receive() throws IOException {
            try {
                var packet = inbox.take();
                if (closed) {
                    throw new EOFException("closed");
                }
                return packet;
            } catch (InterruptedException e) {
                throw new EOFException("interrupted");
            }
        }

        @Override
        public void multicast(byte[] packet) {
            hear(packet, new InetSocketAddress(ip, PORT));
        }

        @Override
        public void unicast(byte[] packet, InetSocketAddress destination) {
            unicasts.add(new Packet(packet, destination));
        }

        @Override
        public void close() {
            closed = true;
            inbox.add(new Packet(new byte[0], new InetSocketAddress(ip, PORT)));
        }

        // --- as the host

        @Override
        public PeerId self() {
            return self;
        }

        @Override
        public AddressScope scope() {
            return AddressScope.LAN;
        }

        @Override
        public List<Multiaddr> listening() {
            return List.of(
                    Multiaddr.ofTcp(new InetSocketAddress(ip, 4001)),
                    Multiaddr.parse("/ip4/10.9.9.9/tcp/4001")); // on another link
        }

        @Override
        public List<MdnsLink> openLinks(Set<String> open) {
            return open.isEmpty() ? List.of(this) : List.of();
        }

        @Override
        public boolean isConnected(PeerId peer) {
            return false;
        }

        @Override
        public boolean dial(FoundPeer peer) {
            dialled.add(peer);
            return true;
        }

        @Override
        public void onIgnored(Ignored why) {
            ignored.add(why);
        }

        // --- as an observer, without a service

        private List<MdnsMessage> heard() {
            var messages = new ArrayList<MdnsMessage>();
            for (var packet : inbox) {
                try {
                    messages.add(MdnsCodec.parse(packet.bytes()));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
            return messages;
        }

        boolean hasHeardAnswer() {
            return heard().stream().anyMatch(MdnsMessage::response);
        }
    }

    @Test
    @Clause({"mdns-response", "mdns-link-addresses"})
    void twoFindEachOtherAndDialTheAddressOfTheirLink() {
        var alice = new Station("alice", "10.0.0.1").start();
        var bob = new Station("bob", "10.0.0.2").start();

        Eventually.holds("both dial", () -> !alice.dialled.isEmpty() && !bob.dialled.isEmpty());

        assertThat(alice.dialled).allMatch(found -> found.peer().equals(peer("bob")));
        assertThat(bob.dialled).allMatch(found -> found.peer().equals(peer("alice")));
        assertThat(alice.dialled.getFirst().addresses())
                .containsExactly(Multiaddr.parse("/ip4/10.0.0.2/tcp/4001"));
        assertThat(alice.service.peers()).isEqualTo(1);
    }

    @Test
    @Clause("mdns-own-query")
    void answersItsOwnQuerySoThatOthersHearOfItWithoutAsking() {
        var silent = new Station("silent", "10.0.0.9");

        var alice = new Station("alice", "10.0.0.1").start();
        Eventually.holds("an answer", silent::hasHeardAnswer);

        assertThat(alice.dialled).isEmpty();
        assertThat(alice.service.peers()).isZero();
        var answer = silent.heard().stream().filter(MdnsMessage::response).findFirst();
        assertThat(MdnsFindings.of(answer.orElseThrow(), AddressScope.LAN))
                .singleElement()
                .extracting(FoundPeer::peer)
                .isEqualTo(peer("alice"));
    }

    @Test
    @Clause("mdns-peer-name")
    void hasARandomNameOfThirtyTwoLettersAndDigitsAtEachStart() {
        var silent = new Station("silent", "10.0.0.9");

        new Station("alice", "10.0.0.1").start();
        new Station("alice", "10.0.0.1").start();
        Eventually.holds("two names", () -> names(silent).size() == 2);

        assertThat(names(silent)).allMatch(name -> name.matches("[a-z0-9]{32}"));
    }

    private static Set<String> names(Station observer) {
        var names = new HashSet<String>();
        for (var message : observer.heard()) {
            for (var record : message.answers()) {
                names.add(((MdnsRecord.Pointer) record).target().labels().getFirst());
            }
        }
        return names;
    }

    @Test
    @Clause("mdns-goodbye")
    void isForgottenWhenItStops() {
        var alice = new Station("alice", "10.0.0.1").start();
        var bob = new Station("bob", "10.0.0.2").start();
        Eventually.holds("alice knows bob", () -> alice.service.peers() == 1);

        bob.stop();

        Eventually.holds("alice knows nobody", () -> alice.service.peers() == 0);
    }

    @Test
    @Clause("mdns-legacy")
    void answersAPlainDnsClientWhereItAskedAndEverybodyToo() throws Exception {
        var alice = new Station("alice", "10.0.0.1").start();
        var client = new Station("client", "10.0.0.9");
        var question = new Question(MdnsAnswers.SERVICE, MdnsRecord.Pointer.TYPE, false);

        client.say(new MdnsMessage(7, false, List.of(question), List.of(), List.of()), 40_000);
        Eventually.holds("an answer", () -> !alice.unicasts.isEmpty());

        var answer = alice.unicasts.getFirst();
        assertThat(answer.source().getPort()).isEqualTo(40_000);
        assertThat(MdnsCodec.parse(answer.bytes()).id()).isEqualTo(7);
        Eventually.holds("an answer to all", client::hasHeardAnswer);
    }

    @Test
    @Clause("mdns-unicast-bit")
    void answersAloneWhoeverWantsThatWhereAllHaveHeardTheAnswer() {
        var alice = new Station("alice", "10.0.0.1").start();
        var client = new Station("client", "10.0.0.9");
        var question = new Question(MdnsAnswers.SERVICE, MdnsRecord.Pointer.TYPE, true);
        Eventually.holds("an answer to all", client::hasHeardAnswer);

        client.say(MdnsMessage.query(question), MdnsLink.PORT);

        Eventually.holds("an answer", () -> !alice.unicasts.isEmpty());
        assertThat(alice.unicasts.getFirst().source().getPort()).isEqualTo(MdnsLink.PORT);
    }

    @Test
    @Clause("mdns-hostile")
    void leavesAloneWhatIsNotFromTheLinkAndWhatIsNoMessage() {
        var alice = new Station("alice", "10.0.0.1").start();
        var bob = new MdnsAnswers(peer("bob"), "bob");
        var home = List.of(Multiaddr.parse("/ip4/10.0.0.2/tcp/4001"));
        var answer = bob.answer(Set.of(MdnsAnswers.Asked.PEERS), home).orElseThrow();

        alice.hear(MdnsCodec.toBytes(answer), new InetSocketAddress(FAR, MdnsLink.PORT));
        alice.hear(new byte[5], new InetSocketAddress(alice.ip, MdnsLink.PORT));
        Eventually.holds("both are seen", () -> alice.ignored.size() == 2);

        assertThat(alice.ignored)
                .containsExactly(MdnsListener.Ignored.OFF_LINK, MdnsListener.Ignored.MALFORMED);
        assertThat(alice.dialled).isEmpty();
    }
}
