// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whatever lies where the cache should be, the node starts in time, and nothing found is lost.
class CacheFilesIT {
    @RegisterExtension static final Processes PEERS = new Processes();

    @RegisterExtension final Processes processes = new Processes();

    @TempDir Path dataDir;

    private static PeerProcess source;
    private static PeerProcess destination;

    @BeforeAll
    static void startPeers() {
        source = PEERS.peer(PeerLanguage.GO);
        destination = PEERS.peer(PeerLanguage.GO);
    }

    /// What may lie there.
    enum Find {
        CORRUPT(true) {
            @Override
            void make(Path place) throws IOException {
                Files.writeString(place, "{\"version\": 1, \"peers\": [}");
            }
        },
        TRUNCATED(true) {
            @Override
            void make(Path place) throws IOException {
                var whole = CachedEntry.file(1, entries(20, Instant.now()));
                Files.writeString(place, whole.substring(0, whole.length() * 2 / 3));
            }
        },
        STALE_ONLY(false) {
            @Override
            void make(Path place) throws IOException {
                var old = Instant.now().minus(Duration.ofDays(8));
                Files.writeString(place, CachedEntry.file(1, entries(20, old)));
            }
        },
        SPARSE_GIGABYTE(true) {
            @Override
            void make(Path place) throws IOException {
                try (var file = new RandomAccessFile(place.toFile(), "rw")) {
                    file.setLength(1L << 30);
                }
            }
        },
        NEWER_VERSION(false) {
            @Override
            void make(Path place) throws IOException {
                Files.writeString(place, CachedEntry.file(999, entries(3, Instant.now())));
            }
        },
        EMPTY(true) {
            @Override
            void make(Path place) throws IOException {
                Files.createFile(place);
            }
        },
        FIFO(true) {
            @Override
            void make(Path place) throws IOException {
                try {
                    new ProcessBuilder("mkfifo", place.toString()).start().waitFor();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
        },
        FOLDER(true) {
            @Override
            void make(Path place) throws IOException {
                Files.createDirectory(place);
                Files.writeString(place.resolve("something"), "of somebody");
            }
        },
        HUNDRED_THOUSAND_ENTRIES(true) {
            @Override
            void make(Path place) throws IOException {
                CachedEntry.write(place, entries(100_000, Instant.now()));
            }
        };

        private final boolean setAside;

        Find(boolean setAside) {
            this.setAside = setAside;
        }

        abstract void make(Path place) throws IOException;

        /// Peers without a place to dial.
        static Stream<CachedEntry> entries(int count, Instant lastSeen) {
            return IntStream.range(0, count)
                    .mapToObj(_ ->
                            new CachedEntry(
                                    CachedEntry.anyPeerId(),
                                    List.of("/ip4/127.0.0.1/udp/4001/quic-v1"),
                                    lastSeen));
        }
    }

    @ParameterizedTest
    @EnumSource
    void startsInTimeAndKeepsWhatItFinds(Find find) throws IOException {
        var place = dataDir.resolve("peer_cache.json");
        find.make(place);
        var before = facts(place);

        var edge = processes.edge(dataDir, Map.of());
        edge.address();
        edge.get("/q/health/ready").then().statusCode(200);

        assertThat(setAside()).hasSize(find.setAside ? 1 : 0);
        transfer(edge);
        assertThat(edge.stop(Duration.ofSeconds(5))).isIn(0, 143);
        var saved = new ObjectMapper().readTree(place.toFile());
        assertThat(saved.get("version").asInt()).isEqualTo(1);
        assertThat(saved.get("peers").findValuesAsText("peer_id"))
                .contains(source.id(), destination.id());
        assertThat(setAside())
                .hasSize(find.setAside ? 1 : 0)
                .allSatisfy(aside -> assertThat(facts(aside)).isEqualTo(before));
    }

    /// A circuit, so that there is something to save.
    private static void transfer(EdgeProcess edge) {
        destination.call("connect", "addr", edge.address());
        destination.call("reserve", "addr", edge.address());
        source.call("connect", "addr", edge.address());
        source.connectThrough(edge, destination);
        source.call("sink", "peer", destination.id(), "bytes", 1000);
        source.call("disconnect", "peer", destination.id());
        Patience.until(
                Duration.ofSeconds(5),
                () -> edge.metric("chiral_relay_circuits"),
                count -> count == 0);
    }

    private List<Path> setAside() throws IOException {
        try (var files = Files.list(dataDir)) {
            return files.filter(file ->
                            file.getFileName().toString().startsWith("peer_cache.json.corrupt-"))
                    .toList();
        }
    }

    /// What a file is, without opening it: a FIFO would wait for a writer.
    private static String facts(Path file) throws IOException {
        var found =
                Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return "%s %d bytes, written %s"
                .formatted(
                        found.isDirectory() ? "folder" : found.isRegularFile() ? "file" : "other",
                        found.size(),
                        found.lastModifiedTime());
    }
}
