// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.deployment;

import java.util.Map;
import java.util.Set;

/// What a manifest has to agree with, said once.
public final class ProgramFacts {
    static final int USER = 10001;
    static final String DATA_DIRECTORY = "/data";

    /// Container ports by the name under which Services and probes refer to them.
    static final Map<String, Integer> PORTS = Map.of("p2p", 4001, "management", 9000);

    /// The path each probe asks, on the port `management`.
    static final Map<String, String> PROBES =
            Map.of(
                    "startupProbe", "/q/health/started",
                    "livenessProbe", "/q/health/live",
                    "readinessProbe", "/q/health/ready");

    /// What Prometheus scrapes, on the port `management`.
    static final String METRICS = "/q/metrics";

    /// Resident memory in KiB: of a node at rest, of a connection where thousands are held, and of a circuit
    /// that stands still (docs/performance.md).
    static final long AT_REST_KIB = 23 * 1024;

    static final long CONNECTION_KIB = 12;
    static final long CIRCUIT_KIB = 245;

    /// Every environment name a manifest or an image may set.
    public static final Set<String> KNOWN_ENVIRONMENT =
            Set.of(
                    "CHIRAL_DATA_DIR",
                    "CHIRAL_LISTEN",
                    "CHIRAL_ANNOUNCE",
                    "CHIRAL_ADDRESS_SCOPE",
                    "CHIRAL_IDENTITY_KEY_FILE",
                    "CHIRAL_IDENTITY_SECRET_FILE",
                    "CHIRAL_IDENTITY_SEED_FILE",
                    "CHIRAL_IDENTITY_ORDINAL",
                    "CHIRAL_IDENTITY_CONTEXT",
                    "CHIRAL_LOG_FORMAT",
                    "CHIRAL_DRAIN_GRACE",
                    "CHIRAL_ROLES",
                    "CHIRAL_KAD_MODE",
                    "CHIRAL_BOOTSTRAP",
                    "CHIRAL_RELAY_PRESET",
                    "CHIRAL_KAD_PROTOCOLS",
                    "QUARKUS_MANAGEMENT_PORT",
                    "POD_INDEX",
                    "POD_NAMESPACE",
                    "HOST_IP");

    private ProgramFacts() {}
}
