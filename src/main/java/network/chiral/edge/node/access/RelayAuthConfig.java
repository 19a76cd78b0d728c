// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.access;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/// The token gate `/chiral/relay-auth/1.0.0`.
@ConfigMapping(prefix = "chiral.relay-auth")
public interface RelayAuthConfig {
    /// Turns the token gate on; the tokens that are good, one a line.
    ///
    /// Type: path.
    Optional<String> tokensFile();

    /// A token is needed for a circuit too, not only for a reservation.
    @WithDefault("false")
    boolean connect();
}
