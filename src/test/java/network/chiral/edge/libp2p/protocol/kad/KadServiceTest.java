// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import static network.chiral.edge.libp2p.protocol.kad.KadCodecTest.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.swarm.AddressScope;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.ProtocolViolation;
import network.chiral.edge.libp2p.swarm.Threads;
import network.chiral.edge.libp2p.testing.TestKeys;
import org.junit.jupiter.api.Test;

class KadServiceTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final PeerId SELF = TestKeys.peer("self");
    private static final PeerId ALICE = TestKeys.peer("alice");
    private static final PeerId BOB = TestKeys.peer("bob");
    private static final Multiaddr HERE = Multiaddr.parse("/ip4/8.8.8.8/tcp/4001");
    private static final Multiaddr THERE = Multiaddr.parse("/ip4/9.9.9.9/tcp/4001");
    private static final Multiaddr HOME = Multiaddr.parse("/ip4/192.168.0.2/tcp/4001");

    /// A host that knows what the test tells it.
    private static final class Around implements KadSurroundings {
        private final Map<PeerId, List<Multiaddr>> known = new HashMap<>();

        @Override
        public PeerId self() {
            return SELF;
        }

        @Override
        public List<Multiaddr> announced() {
            return List.of(HERE);
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
            throw new IOException("there is no network");
        }

        @Override
        public boolean speaks(PeerId peer, ProtocolId protocol) {
            return known.containsKey(peer);
        }

        @Override
        public List<Multiaddr> addresses(PeerId peer) {
            return known.getOrDefault(peer, List.of());
        }
    }

    private final Around around = new Around();
    private final List<KadRefusal> refusals = new ArrayList<>();
    private final Clock clock = Clock.fixed(NOON, ZoneOffset.UTC);
    private DhtParts parts = parts(KadSettings.CHIRAL);
    private KadService service = service();

    private DhtParts parts(KadSettings settings) {
        var made = DhtParts.of(new ProtocolId("/chiral/kad/1.0.0"), settings, around);
        made.listeners()
                .add(
                        new KadListener() {
                            @Override
                            public void onRefused(PeerId peer, KadRefusal why) {
                                refusals.add(why);
                            }
                        });
        return made;
    }

    private KadService service() {
        var client = new KadClient(parts, Threads.VIRTUAL, clock);
        var announcements = new Announcements(parts, client, Threads.VIRTUAL, clock);
        announcements.add(text("ours"), () -> true);
        return new KadService(parts, announcements, clock);
    }

    private void settings(KadSettings settings) {
        parts = parts(settings);
        service = service();
    }

    private KadAnswer ask(PeerId from, KadRequest request) throws IOException {
        return KadCodec.parseAnswer(service.answer(from, request).orElseThrow());
    }

    private void fillTable(int peers) {
        var random = new Random(5);
        for (int i = 0; i < peers; i++) {
            var id = KadProperties.randomPeer(random);
            parts.table().verified(Member.of(id, List.of(THERE), Optional.empty()), NOON);
        }
    }

    private static KadRequest.PutValue put(String key, String value, long lifetime) {
        return new KadRequest.PutValue(
                new KadRecord(text(key), text(value), Optional.of(ALICE), lifetime, ""));
    }

    @Test
    @Clause({"K1", "kad-find-node"})
    void namesTheTwentyNearestAndNeverWhoAsks() throws Exception {
        fillTable(100);
        parts.table().verified(Member.of(ALICE, List.of(THERE), Optional.empty()), NOON);

        var answer = ask(ALICE, new KadRequest.FindNode(ALICE.bytes()));

        assertThat(answer.closer()).hasSize(20);
        assertThat(answer.closer()).allMatch(peer -> peer.addresses().equals(List.of(THERE)));
        assertThat(answer.closer()).noneMatch(peer -> peer.id().equals(ALICE));
    }

    @Test
    @Clause("K1")
    void namesItselfToWhoeverAsksForIt() throws Exception {
        fillTable(100);

        var answer = ask(ALICE, new KadRequest.FindNode(SELF.bytes()));

        assertThat(answer.closer()).hasSize(20);
        assertThat(answer.closer().getFirst().id()).isEqualTo(SELF);
        assertThat(answer.closer().getFirst().addresses()).containsExactly(HERE);
    }

    @Test
    @Clause("kad-exact-match")
    void namesAPeerThatItKnowsOfToWhoeverAsksForIt() throws Exception {
        around.known.put(BOB, List.of(HOME, THERE));

        var answer = ask(ALICE, new KadRequest.FindNode(BOB.bytes()));

        assertThat(answer.closer()).hasSize(1);
        assertThat(answer.closer().getFirst().addresses()).containsExactly(THERE);
    }

    @Test
    @Clause("K7")
    void aKeyNeedsNotBeAPeerId() throws Exception {
        fillTable(5);

        var answer = ask(ALICE, new KadRequest.FindNode(new byte[] {1}));

        assertThat(answer.closer()).hasSize(5);
    }

    @Test
    void anEmptyKeyIsRefused() {
        assertThatThrownBy(() -> ask(ALICE, new KadRequest.FindNode(new byte[0])))
                .isInstanceOf(ProtocolViolation.class);
        assertThat(refusals).containsExactly(KadRefusal.EMPTY_KEY);
    }

    @Test
    @Clause({"K5", "kad-ping"})
    void answersAPing() throws Exception {
        assertThat(ask(ALICE, new KadRequest.Ping()).type()).isEqualTo(KadType.PING);
    }

    @Test
    @Clause({"kad-put", "kad-get-value", "kad-record-fields"})
    void keepsAValueAndGivesItBackWithItsPublisherAndTheTimeLeft() throws Exception {
        var echo = ask(ALICE, put("key", "value", 1_320));

        var answer = ask(BOB, new KadRequest.GetValue(text("key")));

        assertThat(echo.record().orElseThrow().value()).isEqualTo(text("value"));
        var record = answer.record().orElseThrow();
        assertThat(record.value()).isEqualTo(text("value"));
        assertThat(record.publisher()).contains(ALICE);
        assertThat(record.lifetimeSeconds()).isEqualTo(1_320);
        assertThat(record.timeReceived()).isEqualTo("2026-06-01T12:00:00.000000000Z");
    }

    @Test
    void aLifetimeLongerThanItsOwnIsCut() throws Exception {
        ask(ALICE, put("key", "value", 1_000_000));

        var answer = ask(BOB, new KadRequest.GetValue(text("key")));

        assertThat(answer.record().orElseThrow().lifetimeSeconds()).isEqualTo(48 * 3_600);
    }

    @Test
    @Clause("kad-record-distance")
    void aRecordThatBelongsElsewhereLivesShorter() throws Exception {
        fillTable(2_000);
        var key = keyWithNearer(25);

        ask(ALICE, new KadRequest.PutValue(new KadRecord(key, text("value"))));

        var answer = ask(BOB, new KadRequest.GetValue(key));
        assertThat(answer.record().orElseThrow().lifetimeSeconds()).isEqualTo(48 * 3_600 / 32);
    }

    private byte[] keyWithNearer(int nearer) {
        for (int i = 0; ; i++) {
            if (parts.table().nearerThanSelf(KadKey.of(text("key" + i))) == nearer) {
                return text("key" + i);
            }
        }
    }

    @Test
    void itsOwnRecordComingBackIsAnsweredAndNotKept() throws Exception {
        var own = new KadRecord(text("key"), text("false"), Optional.of(SELF), 0, "");

        var echo = ask(ALICE, new KadRequest.PutValue(own));

        assertThat(echo.record()).isPresent();
        assertThat(parts.records().size()).isZero();
    }

    @Test
    @Clause("K6")
    void aRouterRefusesValuesAndForgetsProviders() throws Exception {
        settings(KadSettings.CHIRAL.with(KadSettings.Storage.ROUTER_ONLY));
        var provide =
                new KadRequest.AddProvider(text("key"), List.of(new KadPeer(ALICE, List.of())));

        assertThatThrownBy(() -> ask(ALICE, put("key", "value", 0)))
                .isInstanceOf(ProtocolViolation.class);
        assertThat(service.answer(ALICE, provide)).isEmpty();

        assertThat(refusals).containsExactly(KadRefusal.ROUTER_ONLY, KadRefusal.ROUTER_ONLY);
        assertThat(ask(ALICE, new KadRequest.GetValue(text("key"))).record()).isEmpty();
        assertThat(ask(BOB, new KadRequest.GetProviders(text("key"))).providers()).isEmpty();
    }

    @Test
    @Clause({"K6", "kad-pk"})
    void refusesValuesOfANamespaceThatNeedAProof() throws Exception {
        var key = TestKeys.identity("bob").publicKey().serialized();

        ask(ALICE, new KadRequest.PutValue(new KadRecord(publicKey(BOB), key)));

        assertThat(parts.records().size()).isOne();
        for (var record :
                List.of(
                        new KadRecord(publicKey(ALICE), key),
                        new KadRecord(publicKey(ALICE), text("no key")),
                        new KadRecord(text("/ipns/name"), text("value")))) {
            assertThatThrownBy(() -> ask(ALICE, new KadRequest.PutValue(record)))
                    .isInstanceOf(ProtocolViolation.class);
        }
        assertThat(refusals).containsOnly(KadRefusal.INVALID_VALUE);
        assertThat(parts.records().size()).isOne();
    }

    private static byte[] publicKey(PeerId peer) {
        var id = peer.bytes();
        var key = new byte[4 + id.length];
        System.arraycopy(text("/pk/"), 0, key, 0, 4);
        System.arraycopy(id, 0, key, 4, id.length);
        return key;
    }

    @Test
    void refusesAValueWhoseAnswerWouldNotFitAPacket() {
        var record = new KadRecord(text("key"), new byte[KadRequest.MAX_LENGTH - 20]);

        assertThatThrownBy(() -> ask(ALICE, new KadRequest.PutValue(record)))
                .isInstanceOf(ProtocolViolation.class);

        assertThat(refusals).containsExactly(KadRefusal.VALUE_TOO_LARGE);
    }

    @Test
    void refusesALongKeyAndWhatIsBeyondTheQuota() throws Exception {
        settings(KadSettings.CHIRAL.with(KadLimits.DEFAULT.withRecords(1, 0, 0, 0)));
        ask(ALICE, put("key", "value", 0));

        assertThatThrownBy(() -> ask(ALICE, put("other", "value", 0)))
                .isInstanceOf(ProtocolViolation.class);
        assertThatThrownBy(() -> ask(ALICE, put("k".repeat(600), "value", 0)))
                .isInstanceOf(ProtocolViolation.class);

        assertThat(refusals).containsExactly(KadRefusal.RECORDS_FULL, KadRefusal.KEY_TOO_LONG);
    }

    @Test
    @Clause({"kad-add-provider", "kad-get-providers", "K8"})
    void remembersWhoProvidesAKeyAtItsPublicAddresses() throws Exception {
        fillTable(3);
        var alice = new KadPeer(ALICE, List.of(HOME, THERE));

        var answer = service.answer(ALICE, new KadRequest.AddProvider(text("key"), List.of(alice)));

        assertThat(answer).isEmpty();
        var told = ask(BOB, new KadRequest.GetProviders(text("key")));
        assertThat(told.providers()).hasSize(1);
        assertThat(told.providers().getFirst().id()).isEqualTo(ALICE);
        assertThat(told.providers().getFirst().addresses()).containsExactly(THERE);
        assertThat(told.closer()).hasSize(3);
    }

    @Test
    @Clause("kad-add-provider")
    void nobodyProvidesInAnothersName() throws Exception {
        var bob = new KadPeer(BOB, List.of(THERE));

        service.answer(ALICE, new KadRequest.AddProvider(text("key"), List.of(bob)));

        assertThat(refusals).containsExactly(KadRefusal.NOT_THE_PROVIDER);
        assertThat(parts.providers().size()).isZero();
    }

    @Test
    void aProviderThatNamesNoAddressIsHandedOutAtThoseOfIdentify() throws Exception {
        around.known.put(ALICE, List.of(THERE));
        var nowhere = new KadPeer(ALICE, List.of());
        service.answer(ALICE, new KadRequest.AddProvider(text("key"), List.of(nowhere)));

        var told = ask(BOB, new KadRequest.GetProviders(text("key")));

        assertThat(told.providers().getFirst().addresses()).containsExactly(THERE);
    }

    @Test
    void isAmongTheProvidersOfWhatItAnnounces() throws Exception {
        var told = ask(BOB, new KadRequest.GetProviders(text("ours")));

        assertThat(told.providers().getFirst().id()).isEqualTo(SELF);
        assertThat(told.providers().getFirst().addresses()).containsExactly(HERE);
    }
}
