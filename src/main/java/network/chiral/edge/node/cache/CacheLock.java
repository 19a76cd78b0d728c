// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Says whose a cache file is while somebody writes it: a lock on `.<name>.lock` beside it.
///
/// Not on the file itself, because each save puts another file in its place. The lock ends with the
/// process however that ends, and the empty file stays. Chiral's own client knows nothing of it.
public final class CacheLock implements Closeable {
    /// What came of trying.
    public sealed interface Attempt {}

    /// The file is ours until the lock is closed.
    public record Taken(CacheLock lock) implements Attempt {}

    /// Another process has it.
    public record Held() implements Attempt {}

    /// Nobody can say: a read-only folder, or a file system without locks.
    public record Impossible(String reason) implements Attempt {}

    private final FileChannel channel;

    private CacheLock(FileChannel channel) {
        this.channel = channel;
    }

    /// Takes the lock of a cache file if it is free; never waits.
    public static Attempt tryTake(Path cacheFile) {
        var file = cacheFile.toAbsolutePath();
        var lockFile = file.resolveSibling("." + file.getFileName() + ".lock");
        try {
            var folder = lockFile.getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            var channel = open(lockFile);
            return lock(channel) ? new Taken(new CacheLock(channel)) : held(channel);
        } catch (IOException | UnsupportedOperationException e) {
            return new Impossible(ReplaceableFile.reason(e));
        }
    }

    /// A link is not followed: it would make this create a file wherever it leads.
    private static FileChannel open(Path lockFile) throws IOException {
        return FileChannel.open(
                lockFile,
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // this very process has it
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static Attempt held(FileChannel channel) throws IOException {
        channel.close();
        return new Held();
    }

    /// Gives the file back.
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // the lock is gone with the channel, closed well or not
            return;
        }
    }
}
