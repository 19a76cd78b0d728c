// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Loads the peer cache once and saves it as often as asked, one at a time, and never throws.
///
/// The sentences at INFO are those of Chiral's client, because people search their logs for them.
public final class PeerCache {
    private static final Logger LOG = Logger.getLogger(PeerCache.class);

    private final PeerCacheFile file;
    private final PeerHistory history;
    private final CacheRules rules;
    private @Nullable CacheLoad loaded;
    private volatile @Nullable SaveOutcome lastSave;
    private boolean failing;

    public PeerCache(PeerCacheFile file, PeerHistory history, CacheRules rules) {
        this.file = file;
        this.history = history;
        this.rules = rules;
    }

    /// Loads the file into the history.
    ///
    /// A second call answers what the first one did: by then the history knows better than the file.
    ///
    /// @return the peers that are not stale, in the order in which to dial them
    public synchronized CacheLoad load(Instant now) {
        var known = loaded;
        if (known != null) {
            return known;
        }
        LOG.info("Loading peer cache...");
        var found = file.load(now);
        report(found.outcome());
        var all = CacheStatistics.of(found.peers());
        LOG.info("Loaded cache: " + summary(all, "peers"));
        var fresh = rules.fresh(found.peers(), now);
        var valid = CacheStatistics.of(fresh);
        LOG.info("After filtering: " + summary(valid, "valid peers"));
        LOG.info("Peer cache statistics: " + valid.asKeyValues());
        history.restore(fresh, now);
        var result = new CacheLoad(CacheRules.forRedial(fresh), found.outcome());
        loaded = result;
        return result;
    }

    /// Replaces the file with what the history holds; a cache that was not loaded yet is loaded first.
    ///
    /// Two calls at the same time are two saves, one after the other, so that the caller who came last
    /// can be sure that what it knew is in the file.
    public synchronized SaveOutcome save(Instant now) {
        load(now);
        LOG.info("Saving peer cache...");
        var draft = history.draft(now);
        var outcome = draft.worthAFile() ? write(draft, now) : new SaveOutcome.NothingToSave(now);
        switch (outcome) {
            case SaveOutcome.Saved(var _, var peers) -> {
                history.onSaved(draft);
                LOG.infof("Successfully saved %d peers to cache at %s", peers, file.path());
                var statistics = CacheStatistics.of(draft.peers());
                LOG.info("Peer cache statistics: " + statistics.asKeyValues());
                failing = false;
            }
            case SaveOutcome.NothingToSave _ ->
                    LOG.debug("No peer has earned a line in the peer cache yet");
            case SaveOutcome.Failed(var _, var error) -> {
                if (!failing) {
                    LOG.warnf("Saving the peer cache failed, retrying later: reason=%s", error);
                }
                failing = true;
            }
        }
        lastSave = outcome;
        return outcome;
    }

    public Optional<SaveOutcome> lastSave() {
        return Optional.ofNullable(lastSave);
    }

    private SaveOutcome write(PeerHistory.Draft draft, Instant now) {
        try {
            file.save(draft.peers(), now);
            return new SaveOutcome.Saved(now, draft.peers().size());
        } catch (IOException | RuntimeException e) {
            // Anything: the cache is a convenience, and a node that works must not stop over it
            return new SaveOutcome.Failed(now, ReplaceableFile.reason(e));
        }
    }

    private void report(LoadOutcome outcome) {
        switch (outcome) {
            case LoadOutcome.Missing() ->
                    LOG.debugf("There is no peer cache yet: path=%s", file.path());
            case LoadOutcome.Loaded() ->
                    LOG.debugf("The peer cache is sound: path=%s", file.path());
            case LoadOutcome.LoadedNewerVersion(var version) ->
                    LOG.warnf("The peer cache is of a later format: version=%d", version);
            case LoadOutcome.Salvaged(var kept, var aside, var reason) -> {
                history.onFileLost();
                LOG.warnf(
                        "The peer cache is damaged: kept=%d, set-aside=%s, reason=%s",
                        kept, aside.map(Object::toString).orElse("failed"), reason);
            }
            case LoadOutcome.Unreadable(var aside, var reason) ->
                    LOG.warnf(
                            "The peer cache cannot be read, starting empty: set-aside=%s, reason=%s",
                            aside.map(Object::toString).orElse("failed"), reason);
        }
    }

    private static String summary(CacheStatistics statistics, String noun) {
        return String.format(
                Locale.ROOT,
                "%d %s, %d relay-capable, avg reliability: %.2f",
                statistics.totalPeers(),
                noun,
                statistics.relayCapablePeers(),
                statistics.averageReliability());
    }
}
