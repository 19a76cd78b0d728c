// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import static network.chiral.edge.node.cache.Peers.ALICE;
import static network.chiral.edge.node.cache.Peers.BOB;
import static network.chiral.edge.node.cache.Peers.CAROL;
import static network.chiral.edge.node.cache.Peers.NOON;
import static network.chiral.edge.node.cache.Peers.peer;
import static network.chiral.edge.node.cache.Peers.seen;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import network.chiral.edge.node.cache.CacheTransfer.Report;
import org.junit.jupiter.api.Test;

class CacheTransferTest {
    private final PeerHistory history = new PeerHistory(CacheRules.DEFAULT, 1_000);
    private final CacheTransfer transfer =
            new CacheTransfer(history, CacheRules.DEFAULT, Clock.fixed(NOON, ZoneOffset.UTC));

    private static byte[] file(CachedPeer... peers) {
        return PeerCacheText.of(List.of(peers), NOON);
    }

    @Test
    void handsOnWhatItTook() {
        var text = file(peer(ALICE, 0.8), peer(BOB, 0.7));

        var report = transfer.take(text);

        assertThat(report).isEqualTo(new Report(2, 2, 0, 0, 0, Optional.empty()));
        assertThat(transfer.export()).isEqualTo(text);
        assertThat(history.isDirty()).isTrue();
    }

    @Test
    void leavesAPeerAloneThatAnImportHadToldOf() {
        transfer.take(file(peer(ALICE, 0.8)));

        var report = transfer.take(file(peer(ALICE, 0.1), peer(BOB, 0.7)));

        assertThat(report).isEqualTo(new Report(2, 1, 1, 0, 0, Optional.empty()));
        assertThat(history.snapshot(NOON)).containsExactly(peer(ALICE, 0.8), peer(BOB, 0.7));
    }

    @Test
    void saysWhatIsStaleAndWhatNoFileWouldKeep() {
        var old = seen(peer(ALICE, 0.8), 1);
        var idle = peer(BOB, 1, 0, 0.5);

        var report = transfer.take(file(old, idle, peer(CAROL, 0.7)));

        assertThat(report).isEqualTo(new Report(3, 2, 0, 1, 1, Optional.empty()));
    }

    @Test
    void takesNothingOfNonsense() {
        var report = transfer.take("[1, 2".getBytes(StandardCharsets.UTF_8));

        assertThat(report.found()).isZero();
        assertThat(report.fault()).isPresent();
        assertThat(history.isDirty()).isFalse();
    }
}
