// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node;

import io.quarkus.runtime.configuration.ConfigurationException;

/// Says in one sentence which key has a value that cannot be, and what is allowed.
///
/// Quarkus prints the message of a ConfigurationException, without a stack trace, and exits with 1.
public final class BadConfiguration extends ConfigurationException {
    private static final long serialVersionUID = 1L;

    /// @param key as it stands in the configuration, for instance `chiral.listen`
    /// @param value as it was found
    /// @param allowed completes "... is allowed", for instance "a multiaddr such as /ip4/0.0.0.0/tcp/4001"
    public BadConfiguration(String key, String value, String allowed) {
        super(key + " is '" + value + "', but it has to be " + allowed);
    }

    /// For what goes beyond one value.
    public BadConfiguration(String sentence) {
        super(sentence);
    }
}
