// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import java.util.UUID;

/// A file that is only ever replaced as a whole, and whose damaged predecessors are kept.
///
/// ```
/// folder -> temporary file -> write -> sync file -> rename over the old one -> sync folder
/// ```
/// A crash before the rename leaves the old file and a temporary one, which [#removeLeftovers] removes;
/// a crash after it leaves the new file. Streams are used instead of channels for content, because an
/// interrupt would close a channel, and a node that is being stopped still has to save.
public final class ReplaceableFile {
    /// The steps of a replacement that can fail, or that a crash can fall between.
    enum Step {
        CREATE_FOLDER,
        CREATE_TEMPORARY,
        WRITE,
        SYNC,
        RENAME,
        SYNC_FOLDER
    }

    /// Is told of each step before it is taken; tests fail or crash there.
    interface Watch {
        void before(Step step) throws IOException;
    }

    /// Writes the new content.
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private static final FileAttribute<?>[] OWNER_ONLY = {
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
    };

    private final Path path;
    private final Path folder;
    private final boolean fsync;
    private final Watch watch;

    /// @param fsync whether a replacement waits until the disk has it, to survive a power cut
    public ReplaceableFile(Path path, boolean fsync) {
        this(path, fsync, _ -> {});
    }

    ReplaceableFile(Path path, boolean fsync, Watch watch) {
        var folderOfFile = path.toAbsolutePath().getParent();
        if (folderOfFile == null) {
            throw new IllegalArgumentException("not a file: " + path);
        }
        this.path = path.toAbsolutePath();
        this.folder = folderOfFile;
        this.fsync = fsync;
        this.watch = watch;
    }

    public Path path() {
        return path;
    }

    /// Puts a new file in the place of the old one, whole or not at all.
    void replace(byte[] content) throws IOException {
        replace(out -> out.write(content));
    }

    /// Puts a new file in the place of the old one, whole or not at all.
    public void replace(Content content) throws IOException {
        watch.before(Step.CREATE_FOLDER);
        Files.createDirectories(folder);
        watch.before(Step.CREATE_TEMPORARY);
        var temporary = folder.resolve(temporaryPrefix() + UUID.randomUUID() + ".tmp");
        try {
            create(temporary);
            write(temporary, content);
            watch.before(Step.RENAME);
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException e) {
            removeAfter(e, temporary);
            throw e;
        }
        syncFolder();
    }

    /// Renames whatever lies at the path to a name that is free, and that tells the time.
    public Path setAside(Instant now) throws IOException {
        var name = path.getFileName() + ".corrupt-" + STAMP.format(now);
        var aside = path.resolveSibling(name);
        for (int n = 1; Files.exists(aside, LinkOption.NOFOLLOW_LINKS); n++) {
            aside = path.resolveSibling(name + "-" + n);
        }
        Files.move(path, aside, StandardCopyOption.ATOMIC_MOVE);
        syncFolder();
        return aside;
    }

    /// Removes what crashed replacements left behind, as far as that is possible.
    public void removeLeftovers() {
        try (var leftovers = Files.newDirectoryStream(folder, this::isTemporary)) {
            for (var leftover : leftovers) {
                Files.deleteIfExists(leftover);
            }
        } catch (IOException | DirectoryIteratorException e) {
            // A missing folder has none, and in a broken one the next save will say what is wrong
            return;
        }
    }

    /// Says what went wrong, also for those exceptions whose message is a path and nothing else.
    public static String reason(Exception failure) {
        return switch (failure) {
            case NoSuchFileException e -> e.getFile() + " does not exist";
            case FileAlreadyExistsException e -> e.getFile() + " is in the way";
            case AccessDeniedException e -> e.getFile() + " may not be accessed";
            case FileSystemException e when e.getReason() != null -> e.getReason();
            default -> Objects.requireNonNullElse(failure.getMessage(), failure.toString());
        };
    }

    private void create(Path temporary) throws IOException {
        boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        Files.createFile(temporary, posix ? OWNER_ONLY : new FileAttribute<?>[0]);
    }

    private void write(Path temporary, Content content) throws IOException {
        watch.before(Step.WRITE);
        try (var out = new FileOutputStream(temporary.toFile())) {
            content.writeTo(out);
            if (fsync) {
                watch.before(Step.SYNC);
                out.getFD().sync();
            }
        }
    }

    private void syncFolder() {
        if (!fsync) {
            return;
        }
        try {
            watch.before(Step.SYNC_FOLDER);
            try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        } catch (IOException e) {
            // Some file systems refuse this. Old or new, the file that a power cut leaves is whole.
            return;
        }
    }

    private static void removeAfter(Exception failure, Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private boolean isTemporary(Path candidate) {
        var name = candidate.getFileName().toString();
        return name.startsWith(temporaryPrefix())
                && name.endsWith(".tmp")
                && Files.isRegularFile(candidate, LinkOption.NOFOLLOW_LINKS);
    }

    private String temporaryPrefix() {
        return "." + path.getFileName() + ".";
    }
}
