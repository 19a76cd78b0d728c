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
    /// Sockets at once, handshakes included.
    ///
    /// Type: number, 0 and more; 0 is no limit.
    @WithDefault("16384")
    String max();

    /// Inbound handshakes under way at once.
    ///
    /// Type: number, 0 and more; 0 is no limit.
    @WithDefault("1024")
    String handshakes();

    /// Inbound connections of one peer (go-libp2p's number).
    ///
    /// Type: number, 0 and more; 0 is no limit.
    @WithDefault("8")
    String perPeer();

    /// Inbound connections of one IPv4 address or IPv6 /64; twice that of a /56, four times of a
    /// /48 (go: 8, 8, 64; too few for an office).
    ///
    /// Type: number, 0 and more; 0 is no limit.
    @WithDefault("256")
    String perIp();

    /// Inbound handshakes under way of the same.
    ///
    /// Type: number, 0 and more; 0 is no limit.
    @WithDefault("128")
    String handshakesPerIp();

    /// New inbound connections a second of the same (go: 0.2).
    ///
    /// Type: number, 0 and more; 0 is no limit.
    @WithDefault("20")
    String ratePerIp();

    /// How many may come at once before that rate holds (go: 16); at least 1 where there is a rate.
    ///
    /// Type: number, 1 and more.
    @WithDefault("256")
    String burstPerIp();

    /// Prefixes such as `192.0.2.0/24` without limits by address.
    ///
    /// Type: prefixes.
    Optional<List<String>> trustedPrefixes();

    /// Loopback has no limits by address.
    @WithDefault("true")
    boolean trustLoopback();

    /// Inbound streams of all connections.
    ///
    /// Type: number, 0 and more; 0 is no limit.
    /// Default: 32,768 and 16,384 per GiB of the memory.
    Optional<String> streams();

    /// Inbound streams of all connections of one peer.
    ///
    /// Type: number, 0 and more; 0 is no limit.
    @WithDefault("2048")
    String streamsPerPeer();

    /// Inbound streams from one IPv4 address or IPv6 /64; twice that of a /56, four times of a /48.
    ///
    /// Type: number, 0 and more; 0 is no limit.
    /// Default: a quarter of all.
    Optional<String> streamsPerIp();

    /// Received on streams and not consumed; beyond it streams that hold more than 4 KiB are reset.
    ///
    /// Type: bytes, 0 and more; 0 is no limit.
    /// Default: a quarter of the memory.
    Optional<String> bufferedBytes();

    /// Of these, those of one peer.
    ///
    /// Type: bytes, 0 and more; 0 is no limit.
    /// Default: an eighth, at least `32M`.
    Optional<String> bufferedBytesPerPeer();

    /// Of these, those from one IPv4 address or IPv6 /64; twice that of a /56, four times of a /48.
    ///
    /// Type: bytes, 0 and more; 0 is no limit.
    /// Default: half.
    Optional<String> bufferedBytesPerIp();

    /// Connections above which the least valuable are closed.
    ///
    /// Type: number, 0 and more; 0 is no limit.
    @WithDefault("12288")
    String highWater();

    /// Down to how many; no more than the high water.
    ///
    /// Type: number, 0 and more; 0 is no limit.
    @WithDefault("10240")
    String lowWater();

    /// A connection younger than that is not closed for these reasons.
    ///
    /// Type: duration, 0 and more; 0 is none.
    @WithDefault("60s")
    String grace();

    /// A connection without streams but pings is closed after that (Chiral's app does the same).
    ///
    /// Type: duration, 0 and more; 0 is no limit.
    @WithDefault("300s")
    String idleTimeout();

    /// How often that is looked at.
    ///
    /// Type: duration, 1s and more.
    @WithDefault("10s")
    String trimInterval();
}
