// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.identity;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;
import network.chiral.edge.libp2p.crypto.CryptoProvider;
import network.chiral.edge.libp2p.identity.Identity;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import network.chiral.edge.node.BadConfiguration;
import org.jboss.logging.Logger;

/// The private key on the volume: the libp2p protobuf form that Chiral's daemon writes, mode 0600.
///
/// Made once. A file that is there and cannot be read stops the start: a node that silently took a new
/// identity would be lost to everybody who knows the old one.
public final class KeyFile {
    private static final Logger LOG = Logger.getLogger(KeyFile.class);
    private static final int MAX_LENGTH = 4096;
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private KeyFile() {}

    /// Reads the key, or makes it where there is no file yet.
    ///
    /// @throws BadConfiguration where the file is no Ed25519 key, or cannot be read or made
    public static Identity loadOrCreate(Path file, CryptoProvider crypto) {
        return find(file, crypto)
                .orElseGet(() -> {
                    try {
                        return create(file, crypto);
                    } catch (IOException e) {
                        throw bad(file, e);
                    }
                });
    }

    /// Reads the key; empty where there is no file.
    ///
    /// @throws BadConfiguration where the file is no Ed25519 key, or cannot be read
    public static Optional<Identity> find(Path file, CryptoProvider crypto) {
        try {
            return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                    ? Optional.of(load(file, crypto))
                    : Optional.empty();
        } catch (IOException e) {
            throw bad(file, e);
        }
    }

    /// Makes a new key, and keeps whatever file there was under another name.
    ///
    /// @return the other name; empty where there was no file
    /// @throws BadConfiguration where that cannot be done
    public static Optional<Path> replace(Path file, CryptoProvider crypto, Instant now) {
        try {
            Optional<Path> aside = Optional.empty();
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                aside = Optional.of(freeName(file, now));
                Files.move(file, aside.get(), StandardCopyOption.ATOMIC_MOVE);
            }
            create(file, crypto);
            return aside;
        } catch (IOException e) {
            throw bad(file, e);
        }
    }

    private static Path freeName(Path file, Instant now) {
        var name = file.getFileName() + ".replaced-" + STAMP.format(now);
        var free = file.resolveSibling(name);
        for (int n = 1; Files.exists(free, LinkOption.NOFOLLOW_LINKS); n++) {
            free = file.resolveSibling(name + "-" + n);
        }
        return free;
    }

    private static BadConfiguration bad(Path file, IOException failure) {
        return failure instanceof MalformedMessage
                ? new BadConfiguration(
                        "The key file "
                                + file
                                + " holds no Ed25519 private key: "
                                + failure.getMessage()
                                + ". Restore it from a backup, or move it away to let the node take"
                                + " a new identity.")
                : new BadConfiguration(
                        "The key file " + file + " cannot be read or made: " + reason(failure));
    }

    private static Identity load(Path file, CryptoProvider crypto) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new MalformedMessage("it is no regular file");
        }
        if (Files.size(file) > MAX_LENGTH) {
            throw new MalformedMessage("it has " + Files.size(file) + " bytes, a key has 68");
        }
        warnIfOthersCanRead(file);
        return Identity.ofPrivateKey(crypto, Files.readAllBytes(file));
    }

    private static void warnIfOthersCanRead(Path file) throws IOException {
        var others =
                Files.getPosixFilePermissions(file).stream()
                        .filter(permission -> permission.name().startsWith("OTHERS_"))
                        .toList();
        if (!others.isEmpty()) {
            LOG.warnf("Everybody on this machine may use the private key: path=%s", file);
        }
    }

    private static Identity create(Path file, CryptoProvider crypto) throws IOException {
        var identity = Identity.random(crypto);
        var folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException("it is the root folder");
        }
        Files.createDirectories(folder);
        var ownerOnly =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        var temporary = Files.createTempFile(folder, ".identity-", ".tmp", ownerOnly);
        try {
            write(temporary, identity.privateKey());
            Files.createLink(file, temporary); // unlike a rename, it never replaces a file
            fsync(folder);
        } catch (FileAlreadyExistsException e) {
            return load(file, crypto); // another process was faster
        } finally {
            Files.deleteIfExists(temporary);
        }
        LOG.infof("Made a new identity: peer=%s path=%s", identity.peerId(), file);
        return identity;
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        try (var out = FileChannel.open(file, Set.of(StandardOpenOption.WRITE))) {
            var buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                out.write(buffer);
            }
            out.force(true);
        }
    }

    private static void fsync(Path folder) throws IOException {
        try (var open = FileChannel.open(folder, StandardOpenOption.READ)) {
            open.force(true);
        }
    }

    static String reason(IOException e) {
        return e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
    }
}
