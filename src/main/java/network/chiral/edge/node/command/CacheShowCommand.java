// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.command;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import network.chiral.edge.node.cache.CacheRules;
import network.chiral.edge.node.cache.CacheStatistics;
import network.chiral.edge.node.cache.CachedPeer;
import network.chiral.edge.node.cache.LoadOutcome;

/// `cache show`: the peers of a cache file, the most reliable first.
final class CacheShowCommand implements Command {
    private final CacheFiles files;

    CacheShowCommand(CacheFiles files) {
        this.files = files;
    }

    @Override
    public String name() {
        return "cache show";
    }

    @Override
    public String summary() {
        return "prints the peers of the peer cache";
    }

    @Override
    public String help() {
        return """
        cache show [--file FILE] [--json]
        Prints what can be read of the file, damaged or not, and leaves it as it is.
          %s
          --json       one line of JSON: file, state, peers (with the fields of the file)\
        """
                .formatted(CacheFiles.FILE_HELP);
    }

    @Override
    public int run(List<String> typed, Console console) throws BadUsage, IOException {
        var arguments = Arguments.of(typed, Set.of(CacheFiles.JSON), Set.of(CacheFiles.FILE));
        arguments.expectNoRest();
        var place = files.place(arguments);
        var found = files.inspect(place);
        var peers = CacheFiles.peers(place, found).stream().sorted(CacheRules.BEST_FIRST).toList();
        if (arguments.has(CacheFiles.JSON)) {
            console.out().println(json(place, found.outcome(), peers));
        } else {
            print(place, found.outcome(), peers, console);
        }
        return Commands.OK;
    }

    private void print(
            CacheFiles.Place place, LoadOutcome outcome, List<CachedPeer> peers, Console console) {
        long stale =
                peers.stream().filter(peer -> place.rules().isStale(peer, files.now())).count();
        var all = CacheStatistics.of(peers);
        console.out()
                .printf(
                        Locale.ROOT,
                        "%s: %s%n%d peers, %d stale, %d relay-capable, avg reliability: %.2f%n",
                        place.path(),
                        CacheFiles.state(outcome),
                        all.totalPeers(),
                        stale,
                        all.relayCapablePeers(),
                        all.averageReliability());
        var table =
                new Columns(
                        "PEER",
                        "RELIABILITY",
                        "LAST SEEN",
                        "CONNECTIONS",
                        "OK",
                        "FAILED",
                        "BYTES",
                        "LATENCY",
                        "ROLES",
                        "ADDRESSES");
        peers.forEach(peer -> row(table, peer));
        table.print(console.out());
    }

    private static void row(Columns table, CachedPeer peer) {
        var roles =
                (peer.isBootstrap() ? "bootstrap " : "") + (peer.supportsRelay() ? "relay" : "");
        table.row(
                peer.peerId(),
                String.format(Locale.ROOT, "%.2f", peer.reliabilityScore()),
                seen(peer),
                Long.toString(peer.connectionCount()),
                Long.toString(peer.successfulTransfers()),
                Long.toString(peer.failedTransfers()),
                Long.toString(peer.totalBytesTransferred()),
                peer.averageLatencyMs() == 0 ? "-" : peer.averageLatencyMs() + "ms",
                roles.isEmpty() ? "-" : roles.strip().replace(' ', ','),
                peer.addresses().isEmpty() ? "-" : String.join(" ", peer.addresses()));
    }

    /// A file may say any number, and not every one is a time.
    private static String seen(CachedPeer peer) {
        return peer.lastSeen() > Instant.MAX.getEpochSecond()
                ? Long.toString(peer.lastSeen())
                : Instant.ofEpochSecond(peer.lastSeen()).toString();
    }

    private static String json(
            CacheFiles.Place place, LoadOutcome outcome, List<CachedPeer> peers) {
        return Json.object(json -> {
            json.writeStringField("file", place.path().toString());
            json.writeStringField("state", CacheFiles.state(outcome));
            json.writeArrayFieldStart("peers");
            for (var peer : peers) {
                write(peer, json);
            }
            json.writeEndArray();
        });
    }

    private static void write(CachedPeer peer, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("peer_id", peer.peerId());
        json.writeArrayFieldStart("addresses");
        for (var address : peer.addresses()) {
            json.writeString(address);
        }
        json.writeEndArray();
        json.writeNumberField("last_seen", peer.lastSeen());
        json.writeNumberField("connection_count", peer.connectionCount());
        json.writeNumberField("successful_transfers", peer.successfulTransfers());
        json.writeNumberField("failed_transfers", peer.failedTransfers());
        json.writeNumberField("total_bytes_transferred", peer.totalBytesTransferred());
        json.writeNumberField("average_latency_ms", peer.averageLatencyMs());
        json.writeBooleanField("is_bootstrap", peer.isBootstrap());
        json.writeBooleanField("supports_relay", peer.supportsRelay());
        json.writeNumberField("reliability_score", peer.reliabilityScore());
        json.writeEndObject();
    }
}
