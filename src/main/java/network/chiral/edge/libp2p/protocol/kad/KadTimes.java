// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import java.time.Duration;

/// How long things last in a DHT.
///
/// @param recordLifetime of a record that says nothing shorter
/// @param providerLifetime of a provider's entry
/// @param verifyEvery how often a peer of the routing table has to prove that it is there
/// @param refreshEvery how often the neighbourhood and each bucket are looked up
/// @param queryPatience for a whole query
/// @param peerPatience for one answer
public record KadTimes(
        Duration recordLifetime,
        Duration providerLifetime,
        Duration verifyEvery,
        Duration refreshEvery,
        Duration queryPatience,
        Duration peerPatience) {

    /// Records 48 h (rust-libp2p, and go-libp2p's amino), providers 24 h (kad-dht/README.md), refresh 10
    /// min (go-libp2p), a query 30 s (Chiral's first epoch), an answer 10 s (rust-libp2p's substreams).
    public static final KadTimes DEFAULT =
            new KadTimes(
                    Duration.ofHours(48),
                    Duration.ofHours(24),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(10),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(10));

    /// These, with other lifetimes.
    public KadTimes withLifetimes(Duration record, Duration provider) {
        return new KadTimes(
                record, provider, verifyEvery, refreshEvery, queryPatience, peerPatience);
    }

    /// These, with another care for the routing table.
    public KadTimes withCare(Duration verify, Duration refresh) {
        return new KadTimes(
                recordLifetime, providerLifetime, verify, refresh, queryPatience, peerPatience);
    }

    /// These, with other patience.
    public KadTimes withPatience(Duration query, Duration peer) {
        return new KadTimes(
                recordLifetime, providerLifetime, verifyEvery, refreshEvery, query, peer);
    }
}
