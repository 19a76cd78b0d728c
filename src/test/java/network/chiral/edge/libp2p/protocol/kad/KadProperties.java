// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import org.junit.jupiter.api.Test;

class KadProperties {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

    static PeerId randomPeer(Random random) {
        var bytes = new byte[34];
        random.nextBytes(bytes);
        bytes[0] = 0x12;
        bytes[1] = 32;
        return PeerId.ofBytes(bytes);
    }

    static Member member(PeerId peer) {
        return Member.of(
                peer, List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/4001")), Optional.empty());
    }

    @Test
    void requestsAreReadAsTheyWereWritten() throws Exception {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            var request = randomRequest(random);

            var read = KadCodec.parseRequest(KadCodec.toBytes(request));

            assertThat(read)
                    .as("seed %d, round %d", seed, round)
                    .usingRecursiveComparison()
                    .isEqualTo(request);
        }
    }

    private static KadRequest randomRequest(Random random) {
        var key = new byte[1 + random.nextInt(60)];
        random.nextBytes(key);
        return switch (KadType.values()[random.nextInt(6)]) {
            case PUT_VALUE -> {
                var value = new byte[random.nextInt(2_000)];
                random.nextBytes(value);
                Optional<PeerId> publisher =
                        random.nextBoolean() ? Optional.of(randomPeer(random)) : Optional.empty();
                yield new KadRequest.PutValue(
                        new KadRecord(key, value, publisher, random.nextInt(1 << 30), ""));
            }
            case GET_VALUE -> new KadRequest.GetValue(key);
            case ADD_PROVIDER ->
                    new KadRequest.AddProvider(
                            key,
                            List.of(
                                    new KadPeer(
                                            randomPeer(random),
                                            List.of(Multiaddr.parse("/ip4/1.2.3.4/tcp/1")))));
            case GET_PROVIDERS -> new KadRequest.GetProviders(key);
            case FIND_NODE -> new KadRequest.FindNode(key);
            case PING -> new KadRequest.Ping();
        };
    }

    @Test
    void randomBytesAreMalformedOrARequest() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        int read = 0;
        for (int round = 0; round < 50_000; round++) {
            var bytes = mutated(random);
            try {
                KadCodec.parseRequest(bytes);
                KadCodec.parseAnswer(bytes);
                read++;
            } catch (MalformedMessage e) {
                // is allowed; anything else fails the test
            }
        }
        assertThat(read).as("seed %d", seed).isPositive();
    }

    private static byte[] mutated(Random random) {
        var bytes = KadCodec.toBytes(randomRequest(random));
        for (int i = random.nextInt(4); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    @Test
    void theNearestAreThoseThatSortingAllWouldFind() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        var self = randomPeer(random);
        var table = new RoutingTable(KadKey.of(self), KadLimits.DEFAULT, Duration.ofMinutes(5));
        for (int i = 0; i < 1_000; i++) {
            table.verified(member(randomPeer(random)), NOON);
        }
        var all = new ArrayList<PeerId>();
        table.view().forEach(bucket -> bucket.peers().forEach(peer -> all.add(peer.id())));
        for (int round = 0; round < 500; round++) {
            var wanted = round == 0 ? self : randomPeer(random);
            var target = KadKey.of(wanted);
            var except = all.get(random.nextInt(all.size()));

            var nearest = table.nearest(target, KadLimits.K, except, NOON);

            var expected =
                    all.stream()
                            .filter(peer -> !peer.equals(except))
                            .sorted(Comparator.comparing(p -> target.distance(KadKey.of(p))))
                            .limit(KadLimits.K)
                            .toList();
            assertThat(nearest.stream().map(Member::id))
                    .as("seed %d, round %d", seed, round)
                    .containsExactlyElementsOf(expected);
            long nearer =
                    all.stream()
                            .filter(peer ->
                                    target.compareNearness(KadKey.of(peer), KadKey.of(self)) < 0)
                            .count();
            assertThat(table.nearerThanSelf(target)).isEqualTo((int) nearer);
        }
    }

    @Test
    void theTableStaysBoundedWhateverHappensToIt() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        var table =
                new RoutingTable(
                        KadKey.of(randomPeer(random)), KadLimits.DEFAULT, Duration.ofMinutes(5));
        var met = new ArrayList<PeerId>();
        var now = NOON;
        for (int step = 0; step < 50_000; step++) {
            now = now.plusMillis(random.nextInt(500));
            var peer =
                    met.isEmpty() || random.nextInt(3) == 0
                            ? randomPeer(random)
                            : met.get(random.nextInt(met.size()));
            met.add(peer);
            switch (random.nextInt(5)) {
                case 0 -> table.failed(peer, now);
                case 1 -> table.forget(peer);
                case 2 -> table.doubt(peer);
                default -> table.verified(member(peer), now);
            }
        }

        int listed = 0;
        for (var bucket : table.view()) {
            assertThat(bucket.peers()).as("seed %d", seed).hasSizeLessThanOrEqualTo(KadLimits.K);
            assertThat(bucket.waiting()).isLessThanOrEqualTo(20);
            listed += bucket.peers().size();
        }
        assertThat(listed).isEqualTo(table.size());
    }

    @Test
    void eachTargetOfARefreshLiesInItsBucket() {
        var own = KadKey.of(randomPeer(new Random()));

        var targets = TableKeeper.targets(own, 6, new Random(6));

        assertThat(targets.stream().map(target -> own.commonPrefix(KadKey.of(target))))
                .containsExactly(0, 1, 2, 3, 4, 5, 6);
    }
}
