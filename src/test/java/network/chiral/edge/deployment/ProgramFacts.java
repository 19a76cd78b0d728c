// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.deployment;

import java.util.Map;
import java.util.Set;

/// What a manifest has to agree with, said once.
public final class ProgramFacts {
    static final int USER = 10001;
    static final String DATA_DIRECTORY = "/data";

    /// Container ports by the name under which Services and probes refer to them.
    static final Map<String, Integer> PORTS = Map.of("p2p", 4001, "http", 8080, "management", 9000);

    /// The path each probe asks, on the port `management`.
    static final Map<String, String> PROBES =
            Map.of(
                    "startupProbe", "/q/health/started",
                    "livenessProbe", "/q/health/live",
                    "readinessProbe", "/q/health/ready");

    /// Every environment name a manifest or an image may set.
    public static final Set<String> KNOWN_ENVIRONMENT =
            Set.of(
                    "CHIRAL_DATA_DIR",
                    "CHIRAL_LISTEN",
                    "CHIRAL_ANNOUNCE",
                    "CHIRAL_ADDRESS_SCOPE",
                    "CHIRAL_IDENTITY_KEY_FILE",
                    "CHIRAL_IDENTITY_SECRET_FILE",
                    "CHIRAL_BOOTSTRAP",
                    "CHIRAL_RELAY_PRESET",
                    "CHIRAL_KAD_PROTOCOLS",
                    "QUARKUS_HTTP_PORT",
                    "QUARKUS_MANAGEMENT_PORT",
                    "POD_INDEX");

    private ProgramFacts() {}
}
