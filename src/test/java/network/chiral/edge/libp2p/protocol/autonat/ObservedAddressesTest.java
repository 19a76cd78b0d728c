// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.autonat;

import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.swarm.AddressScope;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.Inquiry;
import network.chiral.edge.libp2p.swarm.Reply;
import network.chiral.edge.libp2p.swarm.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObservedAddressesTest {
    private static final Multiaddr PUBLIC = Multiaddr.parse("/ip4/8.8.8.8/tcp/4001");

    private final ObservedAddresses observed =
            new ObservedAddresses(
                    AddressScope.PUBLIC,
                    () -> List.of(new InetSocketAddress("0.0.0.0", 4001)),
                    Clock.fixed(Instant.parse("2026-01-01T12:00:00Z"), ZoneOffset.UTC));

    /// A connection with a peer at an IP of its own.
    private record Seen(int number, Direction direction) implements Connection {
        @Override
        public PeerId remotePeer() {
            return peer("peer" + number);
        }

        @Override
        public Multiaddr remoteAddress() {
            return Multiaddr.ofTcp(remoteSocket());
        }

        @Override
        public InetSocketAddress remoteSocket() {
            return new InetSocketAddress(InetAddress.ofLiteral("9.9.9." + number), 1234);
        }

        @Override
        public Stream open(ProtocolId protocol) throws IOException {
            throw new IOException("it takes no streams");
        }

        @Override
        public void inquire(Inquiry inquiry, Consumer<Optional<Reply>> told) {
            throw new UnsupportedOperationException("nobody is asked here");
        }

        @Override
        public Optional<Duration> roundTrip() {
            return Optional.empty();
        }

        @Override
        public Duration age() {
            return Duration.ZERO;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    private void observe(Connection.Direction direction, String address) {
        for (int i = 0; i < ObservedAddressTable.OBSERVERS; i++) {
            observed.observe(new Seen(i, direction), Multiaddr.parse(address));
        }
    }

    private List<Multiaddr> announceable(Reachability verdict) {
        return observed.announceable(_ -> verdict);
    }

    @Test
    void announcesWhatPeersHaveDialledUnlessItWasFoundUnreachable() {
        observe(Connection.Direction.INBOUND, PUBLIC.toString());

        assertThat(announceable(Reachability.UNKNOWN)).containsExactly(PUBLIC);
        assertThat(announceable(Reachability.PUBLIC)).containsExactly(PUBLIC);
        assertThat(announceable(Reachability.PRIVATE)).isEmpty();
    }

    @Test
    void triesTheListenPortAtTheIpThatDialledPeersSeeAndAnnouncesItOnceReached() {
        observe(Connection.Direction.OUTBOUND, "/ip4/8.8.8.8/tcp/54321");

        assertThat(observed.candidates()).containsExactly(PUBLIC);
        assertThat(announceable(Reachability.UNKNOWN)).isEmpty();
        assertThat(announceable(Reachability.PUBLIC)).containsExactly(PUBLIC);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ip4/10.0.0.1/tcp/4001",
                "/ip4/127.0.0.1/tcp/4001",
                "/ip4/8.8.8.8/udp/4001/quic-v1",
                "/ip4/8.8.8.8/tcp/0",
                "/ip6/2606:4700::1/tcp/4001", // seen over IPv4
                "/ip6/64:ff9b::808:808/tcp/4001",
                "/dns4/example.net/tcp/4001"
            })
    void takesNoAddressThatSaysNothingOfThisNode(String address) {
        observe(Connection.Direction.INBOUND, address);

        assertThat(observed.candidates()).isEmpty();
    }
}
