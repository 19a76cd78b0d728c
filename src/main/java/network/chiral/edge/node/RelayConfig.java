// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/// The relay's limits: a preset, and numbers that take the place of its own. 0 is no limit everywhere.
@ConfigMapping(prefix = "chiral.relay")
public interface RelayConfig {
    /// Whether the node is a relay; `auto`: while it has the role `relay`, see `chiral.roles`.
    ///
    /// Type: one of auto, true, false.
    @WithDefault("auto")
    String enabled();

    /// Whose limits those below begin with, see [Relay presets](operations.md#relay-presets).
    ///
    /// Type: one of chiral, go, rust, unlimited.
    @WithDefault("chiral")
    String preset();

    /// Reservations held at once.
    ///
    /// Type: number, 0 and more; 0 is no limit.
    /// Default: of the preset.
    Optional<String> reservations();

    /// How long a reservation lasts.
    ///
    /// Type: duration, 1s and more.
    /// Default: of the preset.
    Optional<String> reservationLifetime();

    /// Reservations from one IPv4 address or IPv6 /64.
    ///
    /// Type: number, 0 and more; 0 is no limit.
    /// Default: of the preset.
    Optional<String> reservationsPerIp();

    /// Circuits open at once.
    ///
    /// Type: number, 0 and more; 0 is no limit.
    /// Default: of the preset.
    Optional<String> circuits();

    /// Circuits that one peer may be source of, and destination of.
    ///
    /// Type: number, 0 and more; 0 is no limit.
    /// Default: of the preset.
    Optional<String> circuitsPerPeer();

    /// How long a circuit may last.
    ///
    /// Type: duration, 0 and more; 0 is no limit.
    /// Default: of the preset.
    Optional<String> circuitDuration();

    /// How many bytes a circuit may carry each way.
    ///
    /// Type: bytes, 0 and more; 0 is no limit.
    /// Default: of the preset.
    Optional<String> circuitBytes();

    /// Reservations from one network of a size, for instance `ip4/24=2048,ip6/48=2048`.
    ///
    /// Type: caps such as ip4/24=2048; 0 is none.
    /// Default: of the preset.
    Optional<List<String>> reservationsPerPrefix();

    /// Reservations from one autonomous system; needs `chiral.relay.asn-file`.
    ///
    /// Type: number, 0 and more; 0 is no limit.
    /// Default: of the preset.
    Optional<String> reservationsPerAsn();

    /// Lines `prefix,number`: which network belongs to which autonomous system.
    ///
    /// Type: path.
    Optional<String> asnFile();

    /// Networks of many clients, such as an office behind one address,
    /// `198.51.100.7,192.0.2.0/24=500`: no other limit by address counts there, only the number
    /// behind `=`.
    ///
    /// Type: networks, each with or without a number.
    Optional<List<String>> trustedPrefixes();

    /// New reservations that a peer may ask for.
    ///
    /// Type: rate; 0 is none.
    /// Default: of the preset.
    Optional<String> reservationRatePerPeer();

    /// New reservations that may be asked for from one IPv4 address or IPv6 /64.
    ///
    /// Type: rate; 0 is none.
    /// Default: of the preset.
    Optional<String> reservationRatePerIp();

    /// Circuits that a peer may ask for.
    ///
    /// Type: rate; 0 is none.
    /// Default: of the preset.
    Optional<String> circuitRatePerPeer();

    /// Circuits that may be asked for from one IPv4 address or IPv6 /64.
    ///
    /// Type: rate; 0 is none.
    /// Default: of the preset.
    Optional<String> circuitRatePerIp();

    /// Bytes per second of a circuit, both ways together.
    ///
    /// Type: bytes, 0 and more; 0 is no limit.
    @WithDefault("0")
    String bandwidthPerCircuit();

    /// Bytes per second of all circuits that a peer is an end of.
    ///
    /// Type: bytes, 0 and more; 0 is no limit.
    @WithDefault("0")
    String bandwidthPerPeer();

    /// Bytes per second of all circuits.
    ///
    /// Type: bytes, 0 and more; 0 is no limit.
    @WithDefault("0")
    String bandwidthTotal();
}
