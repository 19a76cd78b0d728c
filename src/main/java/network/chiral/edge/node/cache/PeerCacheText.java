// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/// Spells version 1 of the cache file, byte for byte as Chiral's client does.
///
/// Written by hand instead of with Jackson because its escapes and numbers differ from serde_json's
/// in small ways, and the strict reader on the other side throws away a file it does not like.
final class PeerCacheText {
    static final int VERSION = 1;

    private static final char FIRST_PRINTABLE = 0x20;

    private final StringBuilder text = new StringBuilder();

    private PeerCacheText() {}

    static byte[] of(List<CachedPeer> peers, Instant lastUpdated) {
        var writer = new PeerCacheText();
        writer.document(peers, Math.max(0, lastUpdated.getEpochSecond()));
        return writer.text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void document(List<CachedPeer> peers, long lastUpdated) {
        text.append("{\n  \"version\": ").append(VERSION);
        text.append(",\n  \"last_updated\": ").append(lastUpdated);
        text.append(",\n  \"peers\": [");
        var separator = "\n";
        for (var peer : peers) {
            text.append(separator);
            peer(peer);
            separator = ",\n";
        }
        text.append(peers.isEmpty() ? "]\n}" : "\n  ]\n}");
    }

    private void peer(CachedPeer peer) {
        text.append("    {\n      \"peer_id\": ");
        string(peer.peerId());
        field("addresses");
        addresses(peer.addresses());
        field("last_seen").append(peer.lastSeen());
        field("connection_count").append(peer.connectionCount());
        field("successful_transfers").append(peer.successfulTransfers());
        field("failed_transfers").append(peer.failedTransfers());
        field("total_bytes_transferred").append(peer.totalBytesTransferred());
        field("average_latency_ms").append(peer.averageLatencyMs());
        field("is_bootstrap").append(peer.isBootstrap());
        field("supports_relay").append(peer.supportsRelay());
        field("reliability_score").append(ShortestDecimal.of(peer.reliabilityScore()));
        text.append("\n    }");
    }

    private StringBuilder field(String name) {
        return text.append(",\n      \"").append(name).append("\": ");
    }

    private void addresses(List<String> addresses) {
        text.append('[');
        var separator = "\n        ";
        for (var address : addresses) {
            text.append(separator);
            string(address);
            separator = ",\n        ";
        }
        text.append(addresses.isEmpty() ? "]" : "\n      ]");
    }

    private void string(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            escaped(value.charAt(i));
        }
        text.append('"');
    }

    private void escaped(char c) {
        switch (c) {
            case '"' -> text.append("\\\"");
            case '\\' -> text.append("\\\\");
            case '\b' -> text.append("\\b");
            case '\f' -> text.append("\\f");
            case '\n' -> text.append("\\n");
            case '\r' -> text.append("\\r");
            case '\t' -> text.append("\\t");
            default -> {
                if (c < FIRST_PRINTABLE) {
                    text.append(c < 0x10 ? "\\u000" : "\\u00").append(Integer.toHexString(c));
                } else {
                    text.append(c);
                }
            }
        }
    }
}
