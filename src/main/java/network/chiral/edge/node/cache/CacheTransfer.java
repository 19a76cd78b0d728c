// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;

/// Hands the peer cache from one node to another, in the format of the file.
@Singleton
public class CacheTransfer {
    private final PeerHistory history;
    private final CacheRules rules;
    private final Clock clock;

    CacheTransfer(PeerHistory history, CacheRules rules, Clock clock) {
        this.history = history;
        this.rules = rules;
        this.clock = clock;
    }

    /// What became of a cache that was taken.
    ///
    /// @param found sound entries, as many of the best as a file holds
    /// @param taken of them, those that were new here
    /// @param known of them, those that an earlier file or import had told of; they are left alone
    /// @param stale of them, those that were not seen for too long
    /// @param unproven of those not stale, the ones without a transfer, which no file keeps
    /// @param fault what is wrong with the text; empty if nothing is
    public record Report(
            int found, int taken, int known, int stale, int unproven, Optional<String> fault) {}

    /// A cache file with what this node would save now.
    public byte[] export() {
        var now = clock.instant();
        return PeerCacheText.of(history.snapshot(now), now);
    }

    /// Takes over what is sound in `text`, which may be anything, as if it were this node's file.
    public Report take(byte[] text) {
        var now = clock.instant();
        var contents = PeerCacheReader.read(new String(text, StandardCharsets.UTF_8), rules, now);
        var fresh = rules.fresh(contents.peers(), now);
        int taken = history.add(fresh, now);
        long unproven = fresh.stream().filter(peer -> !rules.isWorthSaving(peer)).count();
        return new Report(
                contents.peers().size(),
                taken,
                fresh.size() - taken,
                contents.peers().size() - fresh.size(),
                (int) unproven,
                contents.fault());
    }
}
