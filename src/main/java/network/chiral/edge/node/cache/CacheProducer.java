// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Duration;
import network.chiral.edge.node.NodeSettings;
import network.chiral.edge.node.SettingValue;

/// Builds the peer cache from the configuration.
@Singleton
class CacheProducer {
    private static final String FILE_NAME = "peer_cache.json";

    @Produces
    @Singleton
    CacheRules rules(CacheConfig config) {
        return new CacheRules(
                SettingValue.number("chiral.cache.max-peers", config.maxPeers(), 1),
                SettingValue.duration(
                        "chiral.cache.max-age", config.maxAge(), Duration.ofSeconds(1)),
                CacheRules.DEFAULT.minTransfers());
    }

    @Produces
    @Singleton
    PeerHistory history(CacheRules rules) {
        return new PeerHistory(rules, Math.max(PeerHistory.DEFAULT_CAPACITY, rules.maxPeers()));
    }

    @Produces
    @Singleton
    PeerCache cache(
            CacheConfig config, NodeSettings settings, CacheRules rules, PeerHistory history) {
        var file =
                config.file().map(Path::of).orElseGet(() -> settings.dataDir().resolve(FILE_NAME));
        return new PeerCache(new PeerCacheFile(file, rules, config.fsync()), history, rules);
    }
}
