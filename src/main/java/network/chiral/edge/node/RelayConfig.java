// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/// The relay's limits: a preset, and numbers that take the place of its own. 0 is no limit everywhere.
@ConfigMapping(prefix = "chiral.relay")
public interface RelayConfig {
    /// `chiral`, `go`, `rust` or `unlimited`.
    @WithDefault("chiral")
    String preset();

    /// Reservations held at once.
    Optional<String> reservations();

    /// How long a reservation lasts, for instance `60m`; at least a second.
    Optional<String> reservationLifetime();

    /// Reservations from one IPv4 address or IPv6 /64.
    Optional<String> reservationsPerIp();

    /// Circuits open at once.
    Optional<String> circuits();

    /// Circuits that one peer may be source of, and destination of.
    Optional<String> circuitsPerPeer();

    /// How long a circuit may last, for instance `30m`.
    Optional<String> circuitDuration();

    /// How many bytes a circuit may carry each way, for instance `128M`.
    Optional<String> circuitBytes();
}
