// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/// The peer cache on the volume.
@ConfigMapping(prefix = "chiral.cache")
public interface CacheConfig {
    /// The peer cache.
    ///
    /// Type: path.
    /// Default: `peer_cache.json` in `chiral.data-dir`.
    Optional<String> file();

    /// Peers in the file at most, the most reliable ones (Chiral's number).
    ///
    /// Type: number, 1 and more.
    @WithDefault("100")
    String maxPeers();

    /// Peers not seen for longer are dropped (Chiral's number).
    ///
    /// Type: duration, 1s and more.
    @WithDefault("7d")
    String maxAge();

    /// How often the file is saved while something changes.
    ///
    /// Type: duration, 1s and more.
    @WithDefault("60s")
    String saveInterval();

    /// The file is on the disk before it takes the old one's place.
    @WithDefault("true")
    boolean fsync();
}
