// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import java.time.Instant;
import java.util.List;

/// Peers to test with: the same time, and ids of the shape real ones have.
final class Peers {
    static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    static final String ALICE = id(1);
    static final String BOB = id(2);
    static final String CAROL = id(3);

    private Peers() {}

    static String id(int number) {
        return "12D3KooWH9wbWb9mJ2ZQ1QbTqB3zkx6S7pQ6D7o%013d".formatted(number).replace('0', 'z');
    }

    static String address(int number) {
        return "/ip4/203.0.113.%d/tcp/%d".formatted(number % 250 + 1, 4001 + number / 250);
    }

    static CachedPeer peer(String id, double score) {
        return peer(id, 1, 1, score);
    }

    static CachedPeer peer(String id, long connections, long transfers, double score) {
        return new CachedPeer(
                id,
                List.of("/ip4/203.0.113.7/tcp/4001/p2p/" + id),
                NOON.getEpochSecond(),
                connections,
                transfers,
                0,
                1_000,
                40,
                false,
                false,
                score);
    }

    static CachedPeer seen(CachedPeer peer, long unixSeconds) {
        return new CachedPeer(
                peer.peerId(),
                peer.addresses(),
                unixSeconds,
                peer.connectionCount(),
                peer.successfulTransfers(),
                peer.failedTransfers(),
                peer.totalBytesTransferred(),
                peer.averageLatencyMs(),
                peer.isBootstrap(),
                peer.supportsRelay(),
                peer.reliabilityScore());
    }

    static CachedPeer relay(CachedPeer peer) {
        return new CachedPeer(
                peer.peerId(),
                peer.addresses(),
                peer.lastSeen(),
                peer.connectionCount(),
                peer.successfulTransfers(),
                peer.failedTransfers(),
                peer.totalBytesTransferred(),
                peer.averageLatencyMs(),
                peer.isBootstrap(),
                true,
                peer.reliabilityScore());
    }

    /// The text of one entry as another program may write it.
    static String entry(String id) {
        return """
        {"peer_id":"%s","addresses":["/ip4/203.0.113.7/tcp/4001/p2p/%s"],"last_seen":%d,\
        "connection_count":3,"successful_transfers":2,"failed_transfers":1,\
        "total_bytes_transferred":5,"average_latency_ms":40,"is_bootstrap":false,\
        "supports_relay":true,"reliability_score":0.7}\
        """
                .formatted(id, id, NOON.getEpochSecond());
    }

    static String document(String... entries) {
        return "{\"version\":1,\"last_updated\":1,\"peers\":[" + String.join(",", entries) + "]}";
    }
}
