// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerCacheTextTest {
    /// Written by hand after the description of the format, not by the program.
    private static final String GOLDEN =
            """
            {
              "version": 1,
              "last_updated": 1763568000,
              "peers": [
                {
                  "peer_id": "12D3KooWAlice",
                  "addresses": [
                    "/ip4/203.0.113.7/tcp/4001/p2p/12D3KooWAlice",
                    "/dns4/edge.example/tcp/443/wss/p2p/12D3KooWAlice"
                  ],
                  "last_seen": 1763567999,
                  "connection_count": 12,
                  "successful_transfers": 11,
                  "failed_transfers": 1,
                  "total_bytes_transferred": 9007199254740993,
                  "average_latency_ms": 45,
                  "is_bootstrap": false,
                  "supports_relay": true,
                  "reliability_score": 0.8031666666666667
                },
                {
                  "peer_id": "12D3KooWBob",
                  "addresses": [],
                  "last_seen": 0,
                  "connection_count": 4294967295,
                  "successful_transfers": 0,
                  "failed_transfers": 4294967295,
                  "total_bytes_transferred": 0,
                  "average_latency_ms": 0,
                  "is_bootstrap": true,
                  "supports_relay": false,
                  "reliability_score": 1.0
                }
              ]
            }\
            """
                    .stripIndent();

    private static final Instant UPDATED = Instant.ofEpochSecond(1763568000);

    private static final List<CachedPeer> PEERS =
            List.of(
                    new CachedPeer(
                            "12D3KooWAlice",
                            List.of(
                                    "/ip4/203.0.113.7/tcp/4001/p2p/12D3KooWAlice",
                                    "/dns4/edge.example/tcp/443/wss/p2p/12D3KooWAlice"),
                            1763567999,
                            12,
                            11,
                            1,
                            9007199254740993L,
                            45,
                            false,
                            true,
                            0.8031666666666667),
                    new CachedPeer(
                            "12D3KooWBob",
                            List.of(),
                            0,
                            4294967295L,
                            0,
                            4294967295L,
                            0,
                            0,
                            true,
                            false,
                            1));

    @TempDir Path folder;

    @Test
    void isByteForByteWhatChiralWrites() {
        assertThat(text(PEERS)).isEqualTo(GOLDEN);
    }

    @Test
    void isReadBackAsItIs() throws IOException {
        var path = Files.writeString(folder.resolve("peer_cache.json"), GOLDEN);

        var load = new PeerCacheFile(path, CacheRules.DEFAULT, false).load(UPDATED);

        assertThat(load).isEqualTo(new CacheLoad(PEERS, new LoadOutcome.Loaded()));
    }

    @Test
    void spellsAnEmptyListInOneLine() {
        assertThat(text(List.of()))
                .isEqualTo(
                        "{\n  \"version\": 1,\n  \"last_updated\": 1763568000,\n  \"peers\": []\n}");
    }

    @Test
    void escapesWhatJsonForbidsAndNothingElse() {
        var odd = "q\" b\\ s/ \b\f\n\r\t \u0001\u001f \u007f é 漢 \uD83D\uDE00";
        var peer = new CachedPeer(odd, List.of(), 0, 0, 0, 0, 0, 0, false, false, 0);

        assertThat(text(List.of(peer)))
                .contains(
                        "\"q\\\" b\\\\ s/ \\b\\f\\n\\r\\t \\u0001\\u001f \u007f é 漢 \uD83D\uDE00\"");
    }

    private static String text(List<CachedPeer> peers) {
        return new String(PeerCacheText.of(peers, UPDATED), StandardCharsets.UTF_8);
    }
}
