// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheLockTest {
    @TempDir Path folder;

    private CacheLock.Attempt attempt() {
        return CacheLock.tryTake(folder.resolve("peer_cache.json"));
    }

    @Test
    void isFreeAgainOnceItIsClosed() {
        var first = attempt();
        assertThat(first).isInstanceOf(CacheLock.Taken.class);
        assertThat(attempt()).isInstanceOf(CacheLock.Held.class);

        ((CacheLock.Taken) first).lock().close();

        var second = attempt();
        assertThat(second).isInstanceOf(CacheLock.Taken.class);
        ((CacheLock.Taken) second).lock().close();
    }

    @Test
    void createsNothingWhereALinkLeads() throws IOException {
        var victim = folder.resolve("victim");
        Files.createSymbolicLink(folder.resolve(".peer_cache.json.lock"), victim);

        assertThat(attempt()).isInstanceOf(CacheLock.Impossible.class);
        assertThat(victim).doesNotExist();
    }

    @Test
    void saysThatNobodyCanTellWhereThereCanBeNoLock() throws IOException {
        Files.writeString(folder.resolve("file"), "");

        assertThat(CacheLock.tryTake(folder.resolve("file/peer_cache.json")))
                .isInstanceOf(CacheLock.Impossible.class);
    }
}
