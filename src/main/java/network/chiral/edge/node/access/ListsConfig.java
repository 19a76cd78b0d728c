// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.access;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/// Allow and deny lists: peer ids, addresses and prefixes such as `192.0.2.0/24`.
@ConfigMapping(prefix = "chiral.lists")
public interface ListsConfig {
    /// Peer ids, addresses and prefixes; once there is one, nobody else may do what the list is
    /// about.
    ///
    /// Type: peer ids, addresses and prefixes.
    Optional<List<String>> allow();

    /// A file with more of them, one a line.
    ///
    /// Type: path.
    Optional<String> allowFile();

    /// What the allow list is about.
    ///
    /// Type: one of connection, reserve, source, destination.
    @WithDefault("reserve,source")
    List<String> allowUses();

    /// The same, of those who may not.
    ///
    /// Type: peer ids, addresses and prefixes.
    Optional<List<String>> deny();

    /// A file with more of them, one a line.
    ///
    /// Type: path.
    Optional<String> denyFile();

    /// What the deny list is about.
    ///
    /// Type: one of connection, reserve, source, destination.
    @WithDefault("connection,reserve,source,destination")
    List<String> denyUses();

    /// How often all mounted files are looked at.
    ///
    /// Type: duration, 1s and more.
    @WithDefault("5s")
    String reloadInterval();
}
