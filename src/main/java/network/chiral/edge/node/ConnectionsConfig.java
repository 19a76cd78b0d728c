// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/// How many connections there may be, from where, and which of them are closed when nobody needs them.
/// 0 is no limit everywhere.
@ConfigMapping(prefix = "chiral.connections")
public interface ConnectionsConfig {
    /// Connections open and sockets in their handshake, at once.
    @WithDefault("16384")
    String max();

    /// Inbound handshakes under way at once.
    @WithDefault("1024")
    String handshakes();

    /// Inbound connections of one peer.
    @WithDefault("8")
    String perPeer();

    /// Inbound connections from one IPv4 address or IPv6 /64; twice as many from a /56, four times from
    /// a /48.
    @WithDefault("256")
    String perIp();

    /// Inbound handshakes under way from one IPv4 address or IPv6 /64, and so on.
    @WithDefault("128")
    String handshakesPerIp();

    /// New inbound connections a second from one IPv4 address or IPv6 /64, and so on.
    @WithDefault("20")
    String ratePerIp();

    /// How many may come at once before that rate holds.
    @WithDefault("256")
    String burstPerIp();

    /// Prefixes such as `192.0.2.0/24` that no limit by address holds for.
    Optional<List<String>> trustedPrefixes();

    /// Whether loopback is trusted.
    @WithDefault("true")
    boolean trustLoopback();

    /// Inbound streams of all connections; without a value as many as the memory is good for.
    Optional<String> streams();

    /// Inbound streams of all connections of one peer.
    @WithDefault("2048")
    String streamsPerPeer();

    /// Inbound streams of all connections from one IPv4 address or IPv6 /64, and so on; without a value a
    /// quarter of all.
    Optional<String> streamsPerIp();

    /// Bytes received on streams and not consumed yet, for instance `256M`; without a value a quarter of
    /// the memory.
    Optional<String> bufferedBytes();

    /// Of these, those of one peer; without a value an eighth and at least 32 MiB.
    Optional<String> bufferedBytesPerPeer();

    /// Of these, those from one IPv4 address or IPv6 /64, and so on; without a value half.
    Optional<String> bufferedBytesPerIp();

    /// Connections above which the least valuable are closed.
    @WithDefault("12288")
    String highWater();

    /// Down to how many.
    @WithDefault("10240")
    String lowWater();

    /// For how long a new connection is left alone.
    @WithDefault("60s")
    String grace();

    /// After which an unprotected connection without streams is closed.
    @WithDefault("300s")
    String idleTimeout();

    /// How often it is looked at which connections to close.
    @WithDefault("10s")
    String trimInterval();
}
