// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Says in one sentence which key has a value that cannot be, and what is allowed.
///
/// Quarkus prints the message of a ConfigurationException, without a stack trace, and exits with 1.
public final class BadConfiguration extends ConfigurationException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String key;

    /// @param key as it stands in the configuration, for instance `chiral.listen`
    /// @param value as it was found; a secret is not shown
    /// @param allowed completes "... is allowed", for instance "a multiaddr such as /ip4/0.0.0.0/tcp/4001"
    public BadConfiguration(String key, String value, String allowed) {
        super(
                key
                        + " is '"
                        + (Secrets.isSecret(key) ? Secrets.MASK : value)
                        + "', but it has to be "
                        + allowed);
        this.key = key;
    }

    /// For what goes beyond one value.
    public BadConfiguration(String sentence) {
        super(sentence);
        this.key = null;
    }

    /// Whose value it is; empty for what goes beyond one value.
    public Optional<String> key() {
        return Optional.ofNullable(key);
    }

    /// The sentence.
    public String sentence() {
        return super.getMessage() == null ? "" : super.getMessage();
    }
}
