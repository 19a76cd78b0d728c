// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import java.nio.file.Path;
import java.time.Duration;
import network.chiral.edge.node.SettingValue;

/// What the configuration says of the peer cache, read and checked.
///
/// @param file where it lies
/// @param rules which peers it holds
/// @param saveInterval between two saves while something changes
/// @param fsync whether a save waits until the disk has it
public record CacheSettings(Path file, CacheRules rules, Duration saveInterval, boolean fsync) {
    private static final String FILE_NAME = "peer_cache.json";

    /// Reads and checks the keys.
    ///
    /// @throws network.chiral.edge.node.BadConfiguration for the first value that cannot be
    public static CacheSettings of(CacheConfig config, Path dataDir) {
        return new CacheSettings(
                config.file()
                        .map(file -> SettingValue.path("chiral.cache.file", file))
                        .orElseGet(() -> dataDir.resolve(FILE_NAME)),
                new CacheRules(
                        SettingValue.number("chiral.cache.max-peers", config.maxPeers(), 1),
                        SettingValue.duration(
                                "chiral.cache.max-age", config.maxAge(), Duration.ofSeconds(1)),
                        CacheRules.DEFAULT.minTransfers()),
                SettingValue.duration(
                        "chiral.cache.save-interval", config.saveInterval(), Duration.ofSeconds(1)),
                config.fsync());
    }
}
