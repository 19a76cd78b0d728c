// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static network.chiral.edge.node.cache.Peers.ALICE;
import static network.chiral.edge.node.cache.Peers.BOB;
import static network.chiral.edge.node.cache.Peers.NOON;
import static network.chiral.edge.node.cache.Peers.document;
import static network.chiral.edge.node.cache.Peers.entry;
import static network.chiral.edge.node.cache.Peers.peer;
import static network.chiral.edge.node.cache.Peers.seen;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiberalPeerCacheTest {
    @Test
    void ignoresUnknownFieldsAtEveryLevel() {
        var text =
                document(entry(ALICE).replace("{", "{\"new\":{\"deep\":[[{\"peer_id\":null}]]},"))
                        .replaceFirst("\\{", "{\"note\":\"" + "n".repeat(200_000) + "\",");

        var contents = read(text);

        assertThat(contents.peers()).containsExactly(sound(entry(ALICE)));
        assertThat(contents.fault()).isEmpty();
    }

    @Test
    void readsALaterVersion() {
        var contents = read(document(entry(ALICE)).replace("\"version\":1", "\"version\":999"));

        assertThat(contents.version()).isEqualTo(999);
        assertThat(contents.fault()).isEmpty();
    }

    @Test
    void readsTheNamespacedFormatOfFebruary2026() {
        var text =
                "{\"header\":{\"schema_version\":1,\"namespace_key\":\"0a10\",\"namespace_meta\":"
                        + "{\"port\":4001,\"bootstrap_nodes\":[]},\"generated_at\":1},\"cache\":"
                        + document(entry(ALICE).replace("\"supports_relay\":true,", ""))
                        + ",\"last_successful_connect_at\":{\""
                        + ALICE
                        + "\":1}}";

        var contents = read(text);

        assertThat(contents.peers()).extracting(CachedPeer::peerId).containsExactly(ALICE);
        assertThat(contents.peers().getFirst().supportsRelay()).isFalse();
        assertThat(contents.fault()).isEmpty();
    }

    @Test
    void needsNoMoreThanAnIdAddressesAndATime() {
        var text = document("{\"peer_id\":\"me\",\"addresses\":[],\"last_seen\":7}");

        var contents = read(text);

        assertThat(contents.peers())
                .containsExactly(
                        new CachedPeer("me", List.of(), 7, 0, 0, 0, 0, 0, false, false, 0.5));
        assertThat(contents.fault()).isEmpty();
    }

    @Test
    void worksOutAScoreThatIsNull() {
        var peer = sound(entry(ALICE).replace("0.7", "null"));

        assertThat(peer.reliabilityScore()).isEqualTo(Reliability.score(2, 1, 40));
    }

    @Test
    void namesThePeerInAnAddressThatDoesNot() {
        var peer = sound(entry(ALICE).replace("/p2p/" + ALICE, ""));

        assertThat(peer.addresses()).containsExactly("/ip4/203.0.113.7/tcp/4001/p2p/" + ALICE);
    }

    @Test
    void readsAnEntryThatIsAnArray() {
        var text = "[\"me\",[\"/ip4/192.0.2.1/tcp/1\"],7,1,2,3,4,5,true,true,0.25,\"more\"]";

        assertThat(sound(text))
                .isEqualTo(
                        new CachedPeer(
                                "me",
                                List.of("/ip4/192.0.2.1/tcp/1/p2p/me"),
                                7,
                                1,
                                2,
                                3,
                                4,
                                5,
                                true,
                                true,
                                0.25));
    }

    @ParameterizedTest
    @CsvSource({
        "18446744073709551615, 9223372036854775807",
        "9223372036854775808, 9223372036854775807",
        "1.7e9, 1700000000",
        "45.0, 45"
    })
    void takesEveryWayToSpellATime(String spelled, long lastSeen) {
        var peer = sound(entry(ALICE).replaceFirst("_seen\":\\d+", "_seen\":" + spelled));

        assertThat(peer.lastSeen()).isEqualTo(lastSeen);
    }

    @ParameterizedTest
    @CsvSource({"7, 1.0", "-1, 0.0", "1, 1.0", "0, 0.0", "1e-7, 1e-7"})
    void movesAScoreIntoItsRange(String spelled, double score) {
        assertThat(sound(entry(ALICE).replace("0.7", spelled)).reliabilityScore()).isEqualTo(score);
    }

    @Test
    void movesACountIntoItsRange() {
        var peer = sound(entry(ALICE).replace("_count\":3", "_count\":99999999999"));

        assertThat(peer.connectionCount()).isEqualTo(4_294_967_295L);
    }

    @Test
    void keepsTheFirstEightAddresses() {
        var many = "\"/ip4/192.0.2.1/tcp/1\"";
        for (int i = 2; i < 40; i++) {
            many += ",\"/ip4/192.0.2.1/tcp/" + i + "\"";
        }
        var peer = sound(entry(ALICE).replaceFirst("\\[.*]", "[" + many + "]"));

        assertThat(peer.addresses()).hasSize(8).endsWith("/ip4/192.0.2.1/tcp/8/p2p/" + ALICE);
    }

    @Test
    void keepsTheBestHundredOfMoreInTheOrderOfTheFile() {
        var peers = new ArrayList<CachedPeer>();
        for (int i = 0; i < 300; i++) {
            peers.add(peer(Peers.id(i), (i * 7 % 300) / 300.0));
        }

        var contents = read(new String(PeerCacheText.of(peers, NOON), UTF_8));

        assertThat(contents.fault()).isEmpty();
        assertThat(contents.peers())
                .isEqualTo(peers.stream().filter(p -> p.reliabilityScore() > 0.665).toList())
                .hasSize(100);
    }

    @Test
    void prefersAFreshPeerToABetterStaleOne() {
        var stale = seen(peer(ALICE, 0.9), NOON.getEpochSecond() - 604_801);
        var fresh = peer(BOB, 0.2);
        var best = new BestPeers(new CacheRules(1, CacheRules.DEFAULT.maxAge(), 1), NOON);

        best.offer(fresh);
        best.offer(stale);

        assertThat(best.all()).containsExactly(fresh);
    }

    @Test
    void keepsTheBetterOfTwoEntriesForOnePeer() {
        var worse = peer(ALICE, 0.2);
        var better = peer(ALICE, 0.9);
        var best = new BestPeers(CacheRules.DEFAULT, NOON);

        assertThat(best.offer(worse)).isTrue();
        assertThat(best.offer(better)).isFalse();
        assertThat(best.offer(worse)).isFalse();

        assertThat(best.all()).containsExactly(better);
    }

    private static CachedPeer sound(String entry) {
        var contents = read(document(entry));
        assertThat(contents.fault()).isEmpty();
        return contents.peers().getFirst();
    }

    private static PeerCacheReader.Contents read(String text) {
        return PeerCacheReader.read(text, CacheRules.DEFAULT, NOON);
    }
}
