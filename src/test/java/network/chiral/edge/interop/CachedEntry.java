// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import network.chiral.edge.libp2p.identity.PeerId;

/// A line of a cache file that a test writes, in Chiral's spelling; less reliable than any real peer.
record CachedEntry(String peerId, List<String> addresses, Instant lastSeen) {
    /// The fields of an entry, in their order.
    static final List<String> FIELDS =
            List.of(
                    "peer_id",
                    "addresses",
                    "last_seen",
                    "connection_count",
                    "successful_transfers",
                    "failed_transfers",
                    "total_bytes_transferred",
                    "average_latency_ms",
                    "is_bootstrap",
                    "supports_relay",
                    "reliability_score");

    private static final SecureRandom RANDOM = new SecureRandom();

    CachedEntry {
        addresses = List.copyOf(addresses);
    }

    /// A peer that was seen a minute ago.
    static CachedEntry at(String peerId, String address) {
        return new CachedEntry(peerId, List.of(address), Instant.now().minusSeconds(60));
    }

    /// The id of a peer whose key nobody has.
    static String anyPeerId() {
        var id = new byte[38];
        RANDOM.nextBytes(id);
        System.arraycopy(
                new byte[] {0, 36, 8, 1, 18, 32}, 0, id, 0, 6); // Ed25519, as identity hash
        return PeerId.ofBytes(id).toString();
    }

    static String file(int version, Stream<CachedEntry> entries) {
        return """
        {
          "version": %d,
          "last_updated": %d,
          "peers": [
        %s
          ]
        }\
        """
                .formatted(
                        version,
                        Instant.now().getEpochSecond(),
                        entries.map(CachedEntry::text).collect(Collectors.joining(",\n")));
    }

    static void write(Path file, Stream<CachedEntry> entries) {
        try {
            Files.writeString(file, file(1, entries));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String text() {
        var listed =
                addresses.stream()
                        .map(address -> "        \"" + address + "\"")
                        .collect(Collectors.joining(",\n"));
        return """
            {
              "peer_id": "%s",
              "addresses": [
        %s
              ],
              "last_seen": %d,
              "connection_count": 4,
              "successful_transfers": 1,
              "failed_transfers": 3,
              "total_bytes_transferred": 4096,
              "average_latency_ms": 12,
              "is_bootstrap": false,
              "supports_relay": false,
              "reliability_score": 0.55
            }\
        """
                .formatted(peerId, listed, lastSeen.getEpochSecond());
    }
}
