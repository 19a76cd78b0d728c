// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import static network.chiral.edge.node.cache.Peers.ALICE;
import static network.chiral.edge.node.cache.Peers.NOON;
import static network.chiral.edge.node.cache.Peers.document;
import static network.chiral.edge.node.cache.Peers.entry;
import static network.chiral.edge.node.cache.Peers.peer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever lies where the cache file is expected, the node starts soon and can save afterwards.
class StrangePlaceTest {
    private static final Duration SOON = Duration.ofSeconds(2);

    /// The same where there is much to parse: a build machine may be ten times busier than a node.
    private static final Duration BUSY = Duration.ofSeconds(20);

    @TempDir Path folder;

    @Test
    void aPipeIsSetAsideWithoutWaitingForAWriter() throws Exception {
        assumeTrue(run("mkfifo", path().toString()) == 0, "mkfifo");

        var aside = aside(load());

        assertThat(Files.readAttributes(aside, "isOther")).containsEntry("isOther", true);
        assertThatASaveWorksAndSpares(aside);
    }

    @Test
    void aFolderIsSetAsideWithAllThatIsInIt() throws IOException {
        Files.createDirectory(path());
        Files.writeString(path().resolve("inside"), "kept");

        var aside = aside(load());

        assertThat(aside.resolve("inside")).hasContent("kept");
        assertThatASaveWorksAndSpares(aside);
    }

    @Test
    void aSocketIsSetAside() throws IOException {
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path()));

            assertThatASaveWorksAndSpares(aside(load()));
        }
    }

    @Test
    void aDeviceIsSetAside() throws Exception {
        assumeTrue(run("mknod", path().toString(), "c", "1", "5") == 0, "mknod needs root");

        assertThatASaveWorksAndSpares(aside(load()));
    }

    @Test
    void aLinkToADeviceIsSetAside() throws IOException {
        Files.createSymbolicLink(path(), Path.of("/dev/zero"));

        assertThatASaveWorksAndSpares(aside(load()));
    }

    @Test
    void aLinkToAFileWithoutAnEndIsSetAside() throws IOException {
        assumeTrue(Files.exists(Path.of("/proc/self/status")), "Linux");
        Files.createSymbolicLink(path(), Path.of("/proc/self/status"));

        assertThatASaveWorksAndSpares(aside(load()));
    }

    @Test
    void aLinkThatLeadsNowhereIsSetAside() throws IOException {
        Files.createSymbolicLink(path(), folder.resolve("nowhere"));

        assertThatASaveWorksAndSpares(aside(load()));
    }

    @Test
    void aLinkToItselfIsSetAside() throws IOException {
        Files.createSymbolicLink(path(), path());

        assertThatASaveWorksAndSpares(aside(load()));
    }

    @Test
    void aLinkToAGoodFileIsReadAndSetAsideWhileItsTargetStays() throws IOException {
        var target = Files.writeString(folder.resolve("elsewhere"), document(entry(ALICE)));
        Files.createSymbolicLink(path(), target);

        var load = load();

        assertThat(load.peers()).hasSize(1);
        var salvaged = (LoadOutcome.Salvaged) load.outcome();
        assertThat(salvaged.reason()).isEqualTo("a symbolic link");
        assertThatASaveWorksAndSpares(salvaged.setAsideAs().orElseThrow());
        assertThat(target).hasContent(document(entry(ALICE)));
    }

    @Test
    void aFileThatMayNotBeReadIsSetAside() throws IOException {
        Files.writeString(path(), document(entry(ALICE)));
        Files.setPosixFilePermissions(path(), PosixFilePermissions.fromString("---------"));
        assumeFalse(Files.isReadable(path()), "root reads everything");

        assertThatASaveWorksAndSpares(aside(load()));
    }

    @Test
    void aSparseGibibyteIsSetAside() throws IOException {
        try (var file = new RandomAccessFile(path().toFile(), "rw")) {
            file.setLength(1L << 30);
        }

        assertThatASaveWorksAndSpares(aside(load()));
    }

    @Test
    void aMillionEntriesAreTooManyButTheFirstOnesCount() throws IOException {
        writeEntries(1_000_000, false);

        var load = assertTimeoutPreemptively(BUSY, () -> file().load(NOON));

        assertThat(load.peers()).hasSize(100);
        assertThat(((LoadOutcome.Salvaged) load.outcome()).reason())
                .isEqualTo("larger than 4194304 bytes");
    }

    @Test
    void aHundredThousandEntriesFitIntoASmallHeap() throws Exception {
        writeEntries(100_000, true);

        int exit =
                run(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx32m",
                        "-cp",
                        System.getProperty(
                                "surefire.test.class.path", System.getProperty("java.class.path")),
                        SmallHeapLoad.class.getName(),
                        path().toString());

        assertThat(exit).isZero();
    }

    @Test
    void somethingThatAppearsWhileTheNodeRunsIsSetAsideByTheNextSave() throws IOException {
        var file = file();
        file.load(NOON);
        Files.createDirectory(path());

        file.save(List.of(peer(ALICE, 0.5)), NOON);

        assertThat(path()).isRegularFile();
        assertThat(folder.resolve("peer_cache.json.corrupt-20261123T120000Z")).isDirectory();
    }

    @Test
    void whatCouldNotBeSetAsideIsNotOverwritten() throws Exception {
        var locked = Files.createDirectory(folder.resolve("locked"));
        var file = new PeerCacheFile(locked.resolve("peer_cache.json"), CacheRules.DEFAULT, false);
        Files.writeString(file.path(), "precious");
        assumeTrue(run("chattr", "+i", file.path().toString()) == 0, "chattr needs root");
        try {
            assertThat(file.load(NOON).outcome())
                    .isEqualTo(
                            new LoadOutcome.Unreadable(
                                    Optional.empty(), "broken JSON at character 0"));
            assertThatThrownBy(() -> file.save(List.of(), NOON)).isInstanceOf(IOException.class);
        } finally {
            run("chattr", "-i", file.path().toString());
        }

        file.save(List.of(), NOON);

        assertThat(locked.resolve("peer_cache.json.corrupt-20261123T120000Z"))
                .hasContent("precious");
    }

    private CacheLoad load() {
        var file = file();
        return assertTimeoutPreemptively(SOON, () -> file.load(NOON));
    }

    private static Path aside(CacheLoad load) {
        assertThat(load.peers()).isEmpty();
        return ((LoadOutcome.Unreadable) load.outcome()).setAsideAs().orElseThrow();
    }

    private void assertThatASaveWorksAndSpares(Path aside) throws IOException {
        file().save(List.of(peer(ALICE, 0.5)), NOON);

        assertThat(Files.isRegularFile(path(), LinkOption.NOFOLLOW_LINKS)).isTrue();
        assertThat(file().load(NOON).outcome()).isEqualTo(new LoadOutcome.Loaded());
        assertThat(Files.exists(aside, LinkOption.NOFOLLOW_LINKS)).isTrue();
    }

    private void writeEntries(int count, boolean full) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(path())) {
            out.write("{\"version\":1,\"last_updated\":1,\"note\":\"é漢\",\"peers\":[");
            for (int i = 0; i < count; i++) {
                out.write(i == 0 ? "" : ",");
                var id = Peers.id(i);
                out.write(
                        full
                                ? entry(id)
                                : "{\"peer_id\":\"" + id + "\",\"addresses\":[],\"last_seen\":1}");
            }
            out.write("]}");
        }
    }

    private int run(String... command) throws IOException, InterruptedException {
        var process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(new File(folder.toFile(), "output"))
                        .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private PeerCacheFile file() {
        return new PeerCacheFile(path(), CacheRules.DEFAULT, false);
    }

    private Path path() {
        return folder.resolve("peer_cache.json");
    }
}
