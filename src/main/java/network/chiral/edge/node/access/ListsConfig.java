// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.access;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/// Allow and deny lists: peer ids, addresses and prefixes such as `192.0.2.0/24`.
@ConfigMapping(prefix = "chiral.lists")
public interface ListsConfig {
    /// Entries of the allow list; once it has one, nobody else may do what it is about.
    Optional<List<String>> allow();

    /// A file with more of them, one a line.
    Optional<String> allowFile();

    /// What the allow list is about: `connection`, `reserve`, `source`, `destination`.
    @WithDefault("reserve,source")
    List<String> allowUses();

    /// Entries of the deny list.
    Optional<List<String>> deny();

    /// A file with more of them, one a line.
    Optional<String> denyFile();

    /// What the deny list is about.
    @WithDefault("connection,reserve,source,destination")
    List<String> denyUses();

    /// How often all mounted files are looked at.
    @WithDefault("5s")
    String reloadInterval();
}
