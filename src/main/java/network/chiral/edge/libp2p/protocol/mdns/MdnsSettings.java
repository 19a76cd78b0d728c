// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.mdns;

import java.time.Duration;

/// What a host does of mDNS.
///
/// @param enabled asks and answers on every link of the machine
/// @param interval at most, between two queries; the first pause is a second and each is twice the one
///     before (RFC 6762, 5.2)
public record MdnsSettings(boolean enabled, Duration interval) {
    /// The longest pause of the library that go-libp2p asks with.
    public static final Duration INTERVAL = Duration.ofSeconds(60);

    /// Nothing of it.
    public static final MdnsSettings OFF = new MdnsSettings(false, INTERVAL);
}
