// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api.access;

import java.util.List;
import network.chiral.edge.node.BadConfiguration;
import org.eclipse.microprofile.config.ConfigProvider;

/// Sees to it that a client certificate means something before it opens the admin API.
final class ClientCertificates {
    private static final String KEY = "chiral.admin.client-certificates";
    private static final String TLS = "quarkus.management.tls-configuration-name";

    private ClientCertificates() {}

    /// Without a trust store of its own the TLS of the port would verify against the authorities of the
    /// whole web.
    ///
    /// @throws BadConfiguration where certificates are to count and the port does not verify them
    static void check(AdminConfig admin) {
        if (!admin.clientCertificates()) {
            return;
        }
        var config = ConfigProvider.getConfig();
        var name = config.getOptionalValue(TLS, String.class);
        if (name.isEmpty()) {
            throw new BadConfiguration(
                    KEY, "true", "false, as long as " + TLS + " names no TLS configuration");
        }
        var prefix = "quarkus.tls." + name.get() + ".";
        boolean all = config.getOptionalValue(prefix + "trust-all", Boolean.class).orElse(false);
        boolean store =
                List.of("trust-store.pem.certs", "trust-store.p12.path", "trust-store.jks.path")
                        .stream()
                        .anyMatch(key ->
                                config.getOptionalValue(prefix + key, String.class).isPresent());
        if (all || !store) {
            throw new BadConfiguration(
                    KEY,
                    "true",
                    "false, as long as " + prefix + "trust-store names no authority for clients");
        }
    }
}
