// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.swarm.AddressScope;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.Threads;
import network.chiral.edge.libp2p.testing.TestKeys;
import org.junit.jupiter.api.Test;

class KadClientTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final PeerId BOB = TestKeys.peer("bob");
    private static final Multiaddr THERE = Multiaddr.parse("/ip4/9.9.9.9/tcp/4001");

    private final DhtParts parts =
            DhtParts.of(new ProtocolId("/test/kad/1.0.0"), KadSettings.CHIRAL, new Around());
    private final KadClient client =
            new KadClient(parts, Threads.VIRTUAL, Clock.fixed(NOON, ZoneOffset.UTC));
    private boolean cutShort;

    @Test
    void doubtsAMemberThatDoesNotAnswer() {
        bobIsAMember();

        askInVain();

        assertThat(doubted()).isTrue();
    }

    @Test
    void doubtsNobodyWhoseAnswerAQueryDoesNotWaitForAnyMore() {
        bobIsAMember();
        cutShort = true;

        askInVain();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(doubted()).isFalse();
    }

    private void bobIsAMember() {
        parts.table().verified(Member.of(BOB, List.of(THERE), Optional.empty()), NOON);
    }

    private void askInVain() {
        var bob = new KadPeer(BOB, List.of(THERE));
        assertThatThrownBy(() -> client.ask(bob, new KadRequest.FindNode(new byte[] {1})))
                .isInstanceOf(IOException.class);
    }

    private boolean doubted() {
        var peers = parts.table().view().stream().flatMap(bucket -> bucket.peers().stream());
        return peers.filter(peer -> peer.id().equals(BOB)).findFirst().orElseThrow().doubted();
    }

    /// A host whose dials fail: by themselves, or because the thread that waits is told to stop.
    private final class Around implements KadSurroundings {
        @Override
        public PeerId self() {
            return TestKeys.peer("self");
        }

        @Override
        public List<Multiaddr> announced() {
            return List.of();
        }

        @Override
        public AddressScope scope() {
            return AddressScope.PUBLIC;
        }

        @Override
        public Optional<Connection> connection(PeerId peer) {
            return Optional.empty();
        }

        @Override
        public Connection dial(PeerId peer, List<Multiaddr> addresses) throws IOException {
            if (cutShort) {
                Thread.currentThread().interrupt(); // as streams leave it
                throw new IOException("interrupted");
            }
            throw new SocketTimeoutException("the remote took too long");
        }

        @Override
        public boolean speaks(PeerId peer, ProtocolId protocol) {
            return true;
        }

        @Override
        public List<Multiaddr> addresses(PeerId peer) {
            return List.of();
        }
    }
}
