// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/// The peer cache on the volume.
@ConfigMapping(prefix = "chiral.cache")
public interface CacheConfig {
    /// The file. Default: `peer_cache.json` in the data folder.
    Optional<String> file();

    /// Peers in the file at most, the most reliable ones (Chiral: 100).
    @WithDefault("100")
    String maxPeers();

    /// Peers not seen for longer are dropped (Chiral: 7 days).
    @WithDefault("7d")
    String maxAge();

    /// How often a changed cache is saved.
    @WithDefault("60s")
    String saveInterval();

    /// Waits until the volume has the file for certain before it takes the old one's place.
    @WithDefault("true")
    boolean fsync();
}
