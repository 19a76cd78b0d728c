// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.swarm.AddressScope;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.Threads;
import network.chiral.edge.libp2p.testing.Eventually;
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
    private final KadClient impatient =
            new KadClient(parts, new NoWaiting(), Clock.fixed(NOON, ZoneOffset.UTC));
    private final AtomicInteger dialling = new AtomicInteger();
    private volatile CountDownLatch held = new CountDownLatch(0);
    private boolean cutShort;

    /// Whoever is to wait for a permit gives up at once.
    private static final class NoWaiting implements Threads {
        @Override
        public Thread start(String name, Runnable task) {
            return VIRTUAL.start(name, task);
        }

        @Override
        public void sleep(Duration pause) throws InterruptedException {
            VIRTUAL.sleep(pause);
        }

        @Override
        public boolean acquire(Semaphore permits, Duration patience) {
            return permits.tryAcquire();
        }
    }

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

    @Test
    void asManyQueriesAsThereIsRoomForAreUnderWayAtOnceAndTheOthersAreRefused() throws Exception {
        var outcomes = new ConcurrentLinkedQueue<KadListener.Outcome>();
        parts.listeners().add(listener(outcomes));
        bobIsAMember();
        held = new CountDownLatch(1);
        var searches = new ArrayList<Thread>();
        for (int i = 0; i < KadLimits.QUERIES; i++) {
            searches.add(Threads.VIRTUAL.start("search", this::search));
        }
        Eventually.holds("all are under way", () -> dialling.get() == KadLimits.QUERIES);

        var found = impatient.findClosest(new byte[] {2});
        held.countDown();
        for (var search : searches) {
            search.join();
        }
        var afterwards = impatient.findClosest(new byte[] {2});

        assertThat(found).isEmpty();
        assertThat(afterwards).isEmpty();
        assertThat(outcomes).hasSize(KadLimits.QUERIES + 2);
        assertThat(outcomes.stream().filter(KadListener.Outcome.REFUSED::equals)).hasSize(1);
        assertThat(outcomes.peek()).isEqualTo(KadListener.Outcome.REFUSED);
    }

    private void search() {
        try {
            impatient.findClosest(new byte[] {1});
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static KadListener listener(Collection<KadListener.Outcome> outcomes) {
        return new KadListener() {
            @Override
            public void onQuery(Query query, Outcome outcome, Duration took, int asked) {
                outcomes.add(outcome);
            }
        };
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
        public Connection dial(PeerId peer, List<Multiaddr> addresses)
                throws IOException, InterruptedException {
            dialling.incrementAndGet();
            held.await();
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
