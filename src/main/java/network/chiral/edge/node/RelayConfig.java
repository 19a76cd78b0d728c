// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/// The relay's limits: a preset, and numbers that take the place of its own. 0 is no limit everywhere.
@ConfigMapping(prefix = "chiral.relay")
public interface RelayConfig {
    /// `true`, `false`, or `auto`: a relay while it has the role `relay`, see `chiral.roles`.
    @WithDefault("auto")
    String enabled();

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

    /// Reservations from one network of a size, for instance `ip4/24=2048,ip6/48=2048`.
    Optional<List<String>> reservationsPerPrefix();

    /// Reservations from one autonomous system; needs the file that tells which address is in which.
    Optional<String> reservationsPerAsn();

    /// Lines of a prefix and the number of its autonomous system.
    Optional<String> asnFile();

    /// Networks of many clients, such as offices behind one address: only the number behind `=`, if any,
    /// limits reservations from there.
    Optional<List<String>> trustedPrefixes();

    /// New reservations that a peer may ask for, for instance `30+1/2m`.
    Optional<String> reservationRatePerPeer();

    /// New reservations that may be asked for from one IPv4 address or IPv6 /64.
    Optional<String> reservationRatePerIp();

    /// Circuits that a peer may ask for.
    Optional<String> circuitRatePerPeer();

    /// Circuits that may be asked for from one IPv4 address or IPv6 /64.
    Optional<String> circuitRatePerIp();

    /// Bytes per second of a circuit, both ways together.
    @WithDefault("0")
    String bandwidthPerCircuit();

    /// Bytes per second of all circuits that a peer is an end of.
    @WithDefault("0")
    String bandwidthPerPeer();

    /// Bytes per second of all circuits.
    @WithDefault("0")
    String bandwidthTotal();
}
