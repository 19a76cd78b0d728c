// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.kad;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/// The distributed hash tables that the node takes part in. 0 is no limit everywhere.
@ConfigMapping(prefix = "chiral.kad")
public interface KadConfig {
    /// Protocol ids of the DHTs, each with a routing table and stores of its own; `none` for none.
    @WithDefault("/chiral/kad/1.0.0")
    List<String> protocols();

    /// `auto` (a server while there is an address to announce), `server` or `client`.
    @WithDefault("auto")
    String mode();

    /// `store` keeps records and providers, `router-only` tells the way and keeps nothing.
    @WithDefault("store")
    String storage();

    /// Records kept in each DHT.
    @WithDefault("65536")
    String records();

    /// Bytes of those records, keys included.
    @WithDefault("64M")
    String recordBytes();

    /// Records that one peer may put.
    @WithDefault("4096")
    String recordsPerPeer();

    /// Bytes that one peer may put.
    @WithDefault("4M")
    String recordBytesPerPeer();

    /// Provider entries kept in each DHT.
    @WithDefault("262144")
    String providers();

    /// Keys that one peer may provide.
    @WithDefault("16384")
    String providersPerPeer();

    /// How long a record lives that does not say less.
    @WithDefault("48h")
    String recordLifetime();

    /// How long a provider is remembered that does not come again.
    @WithDefault("24h")
    String providerLifetime();

    /// Peers of one public IPv4 /16 or IPv6 /32 in one bucket of the routing table.
    @WithDefault("2")
    String groupPerBucket();

    /// Peers of one such group in the whole table.
    @WithDefault("3")
    String groupPerTable();

    /// How often a peer of the routing table has to prove that it is there.
    @WithDefault("5m")
    String verifyEvery();

    /// How often the neighbourhood and each bucket are looked up.
    @WithDefault("10m")
    String refreshEvery();

    /// How long a query may take.
    @WithDefault("30s")
    String queryTimeout();

    /// Announces the relay under `chiral:service:relay`, where Chiral's clients look for relays.
    @WithDefault("true")
    boolean announceRelay();

    /// The file of records and providers. Default: `kad_records.bin` in the data folder.
    Optional<String> file();

    /// How often the file is saved while something changes.
    @WithDefault("60s")
    String saveInterval();
}
