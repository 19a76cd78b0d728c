// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import network.chiral.edge.node.NodeSettings;

/// Builds the peer cache from the configuration.
@Singleton
class CacheProducer {
    @Produces
    @Singleton
    CacheSettings settings(CacheConfig config, NodeSettings settings) {
        return CacheSettings.of(config, settings.dataDir());
    }

    @Produces
    @Singleton
    CacheRules rules(CacheSettings settings) {
        return settings.rules();
    }

    @Produces
    @Singleton
    PeerHistory history(CacheRules rules) {
        return new PeerHistory(rules, Math.max(PeerHistory.DEFAULT_CAPACITY, rules.maxPeers()));
    }

    @Produces
    @Singleton
    PeerCache cache(CacheSettings settings, PeerHistory history) {
        var file = new PeerCacheFile(settings.file(), settings.rules(), settings.fsync());
        return new PeerCache(file, history, settings.rules());
    }
}
