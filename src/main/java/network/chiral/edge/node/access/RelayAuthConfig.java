// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.access;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/// The token gate `/chiral/relay-auth/1.0.0`.
@ConfigMapping(prefix = "chiral.relay-auth")
public interface RelayAuthConfig {
    /// A file with the tokens that are good, one a line; without it the relay asks for none.
    Optional<String> tokensFile();

    /// Whether a token is needed for a circuit too, and not only for a reservation.
    @WithDefault("false")
    boolean connect();
}
