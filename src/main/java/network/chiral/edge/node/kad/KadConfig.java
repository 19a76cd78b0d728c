// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.kad;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/// The distributed hash tables that the node takes part in. 0 is no limit everywhere.
@ConfigMapping(prefix = "chiral.kad")
public interface KadConfig {
    /// DHTs to take part in, each with a table and stores of its own; `none` for none.
    ///
    /// Type: protocol ids.
    @WithDefault("/chiral/kad/1.0.0")
    List<String> protocols();

    /// `auto`: a server in the role `bootstrap`.
    ///
    /// Type: one of auto, server, client.
    @WithDefault("auto")
    String mode();

    /// `router-only`: values are refused and providers forgotten.
    ///
    /// Type: one of store, router-only.
    @WithDefault("store")
    String storage();

    /// Records kept in each DHT.
    ///
    /// Type: number, 0 and more; 0 is no limit.
    @WithDefault("65536")
    String records();

    /// Bytes of those records, keys included.
    ///
    /// Type: bytes, 0 and more; 0 is no limit.
    @WithDefault("64M")
    String recordBytes();

    /// Records that one connected peer may put.
    ///
    /// Type: number, 0 and more; 0 is no limit.
    @WithDefault("4096")
    String recordsPerPeer();

    /// Bytes that one connected peer may put.
    ///
    /// Type: bytes, 0 and more; 0 is no limit.
    @WithDefault("4M")
    String recordBytesPerPeer();

    /// Provider entries kept in each DHT.
    ///
    /// Type: number, 0 and more; 0 is no limit.
    @WithDefault("262144")
    String providers();

    /// Keys that one peer may provide.
    ///
    /// Type: number, 0 and more; 0 is no limit.
    @WithDefault("16384")
    String providersPerPeer();

    /// How long a record lives at most; it may say less.
    ///
    /// Type: duration, 1s and more.
    @WithDefault("48h")
    String recordLifetime();

    /// How long a provider is remembered that does not come again.
    ///
    /// Type: duration, 1s and more.
    @WithDefault("24h")
    String providerLifetime();

    /// Peers of one public IPv4 /16 or IPv6 /32 in one bucket of the routing table (go's number).
    ///
    /// Type: number, 0 and more; 0 is no limit.
    @WithDefault("2")
    String groupPerBucket();

    /// Peers of one such group in the whole table (go's number).
    ///
    /// Type: number, 0 and more; 0 is no limit.
    @WithDefault("3")
    String groupPerTable();

    /// How often a member of the routing table is asked whether it is there.
    ///
    /// Type: duration, 1s and more.
    @WithDefault("5m")
    String verifyEvery();

    /// How often the neighbourhood and each bucket are looked up.
    ///
    /// Type: duration, 1s and more.
    @WithDefault("10m")
    String refreshEvery();

    /// How long one search may take.
    ///
    /// Type: duration, 1s and more.
    @WithDefault("30s")
    String queryTimeout();

    /// Announces the relay under `chiral:service:relay` every half hour, where Chiral's clients
    /// look for relays.
    @WithDefault("true")
    boolean announceRelay();

    /// The file of records and providers, over a restart.
    ///
    /// Type: path.
    /// Default: `kad_records.bin` in `chiral.data-dir`.
    Optional<String> file();

    /// How often the file is saved while something changes.
    ///
    /// Type: duration, 1s and more.
    @WithDefault("60s")
    String saveInterval();
}
