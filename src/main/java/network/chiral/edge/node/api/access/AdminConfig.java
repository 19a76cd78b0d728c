// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api.access;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/// The admin API on the management port.
@ConfigMapping(prefix = "chiral.admin")
public interface AdminConfig {
    /// Whether there is one at all.
    @WithDefault("true")
    boolean enabled();

    /// A file with bearer tokens of 32 to 512 characters, one a line, at most 16, that nobody else may read;
    /// read again when it changes.
    ///
    /// Type: path.
    Optional<String> tokenFile();

    /// Whether requests from this machine need no token; `auto`: only where neither tokens nor client
    /// certificates are in use.
    ///
    /// Type: one of auto, true, false.
    @WithDefault("auto")
    String loopback();

    /// Whether a client certificate that the TLS of the management port has verified is enough.
    @WithDefault("false")
    boolean clientCertificates();

    /// Names under which the management port is reached, beside localhost and IP addresses.
    Optional<List<String>> hosts();
}
