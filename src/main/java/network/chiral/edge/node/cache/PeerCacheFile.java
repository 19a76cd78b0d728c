// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The cache file: written exactly as Chiral's client expects it, read from almost anything.
///
/// Nothing that was found is ever deleted. What is damaged, or is no file at all, is renamed to
/// `<name>.corrupt-<UTC time>`, and the good entries are used.
public final class PeerCacheFile {
    /// Our own limit: a full cache has about 50 KB.
    static final int MAX_BYTES_READ = 4 * 1024 * 1024;

    private final ReplaceableFile file;
    private final CacheRules rules;

    /// Whether something lies in the place that should be set aside, but could not be.
    private boolean occupied;

    /// @param fsync whether a save waits until the disk has it, to survive a power cut
    public PeerCacheFile(Path path, CacheRules rules, boolean fsync) {
        this(path, rules, fsync, _ -> {});
    }

    PeerCacheFile(Path path, CacheRules rules, boolean fsync, ReplaceableFile.Watch watch) {
        this.file = new ReplaceableFile(path, fsync, watch);
        this.rules = rules;
    }

    public Path path() {
        return file.path();
    }

    /// What a save of these peers writes: version 1 of the format, byte for byte as Chiral's client does.
    public static byte[] text(List<CachedPeer> peers, Instant now) {
        return PeerCacheText.of(peers, now);
    }

    /// Replaces the file.
    ///
    /// @throws IOException if that failed; then the old file is as it was
    public synchronized void save(List<CachedPeer> peers, Instant now) throws IOException {
        try {
            if (isOccupied()) {
                file.setAside(now);
            }
            occupied = false;
            file.replace(PeerCacheText.of(peers, now));
        } catch (IOException e) {
            throw new IOException("cannot write " + path() + ": " + ReplaceableFile.reason(e), e);
        }
    }

    /// Loads what can be loaded: at most as many peers as the rules allow, the best ones, stale or not.
    ///
    /// Never waits for another process, and returns soon whatever lies at the path.
    public synchronized CacheLoad load(Instant now) {
        file.removeLeftovers();
        var found = inspect(now);
        return switch (found.outcome()) {
            case LoadOutcome.Salvaged(var kept, var _, var reason) ->
                    new CacheLoad(
                            found.peers(), new LoadOutcome.Salvaged(kept, setAside(now), reason));
            case LoadOutcome.Unreadable(var _, var reason) when isAnythingThere() ->
                    new CacheLoad(found.peers(), new LoadOutcome.Unreadable(setAside(now), reason));
            case LoadOutcome.Unreadable _,
                    LoadOutcome.Missing _,
                    LoadOutcome.Loaded _,
                    LoadOutcome.LoadedNewerVersion _ ->
                    found;
        };
    }

    /// What [#load] would give, and nothing is renamed or removed.
    public synchronized CacheLoad inspect(Instant now) {
        try {
            var place =
                    Files.readAttributes(
                            path(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (place.isRegularFile()) {
                return readFile(now, Optional.empty());
            }
            if (place.isSymbolicLink()) {
                return readLinked(now);
            }
            return unreadable(place.isDirectory() ? "a folder" : "not a file");
        } catch (NoSuchFileException e) {
            return new CacheLoad(List.of(), new LoadOutcome.Missing());
        } catch (IOException e) {
            return unreadable(ReplaceableFile.reason(e));
        }
    }

    /// Not so where the folder cannot be searched: then there is nothing that could be set aside.
    private boolean isAnythingThere() {
        return Files.exists(path(), LinkOption.NOFOLLOW_LINKS);
    }

    /// A save would replace the link and not its target, so the link is kept like a damaged file.
    private CacheLoad readLinked(Instant now) {
        try {
            if (Files.readAttributes(path(), BasicFileAttributes.class).isRegularFile()) {
                return readFile(now, Optional.of("a symbolic link"));
            }
            return unreadable("a symbolic link to something that is not a file");
        } catch (IOException e) {
            return unreadable("a symbolic link that leads nowhere");
        }
    }

    private CacheLoad readFile(Instant now, Optional<String> flaw) {
        try {
            long size = Files.size(path());
            var contents = PeerCacheReader.read(readText(size), rules, now);
            var tooLarge =
                    size > MAX_BYTES_READ
                            ? Optional.of("larger than " + MAX_BYTES_READ + " bytes")
                            : Optional.<String>empty();
            return flaw.or(() -> tooLarge)
                    .or(contents::fault)
                    .map(reason -> salvaged(contents.peers(), reason))
                    .orElseGet(() -> loaded(contents));
        } catch (IOException e) {
            return unreadable(ReplaceableFile.reason(e));
        }
    }

    /// No more than the size says: a file that grows, or a bottomless one, ends there.
    private String readText(long size) throws IOException {
        // A stream, because an interrupt would close a channel and make a good file look bad
        try (var in = new FileInputStream(path().toFile())) {
            int limit = (int) Math.min(size, MAX_BYTES_READ);
            return new String(in.readNBytes(limit), StandardCharsets.UTF_8);
        }
    }

    private static CacheLoad loaded(PeerCacheReader.Contents contents) {
        var outcome =
                contents.version() > PeerCacheText.VERSION
                        ? new LoadOutcome.LoadedNewerVersion(contents.version())
                        : new LoadOutcome.Loaded();
        return new CacheLoad(contents.peers(), outcome);
    }

    private static CacheLoad salvaged(List<CachedPeer> peers, String reason) {
        return peers.isEmpty()
                ? unreadable(reason)
                : new CacheLoad(
                        peers, new LoadOutcome.Salvaged(peers.size(), Optional.empty(), reason));
    }

    private static CacheLoad unreadable(String reason) {
        return new CacheLoad(List.of(), new LoadOutcome.Unreadable(Optional.empty(), reason));
    }

    private Optional<Path> setAside(Instant now) {
        try {
            return Optional.of(file.setAside(now));
        } catch (IOException e) {
            occupied = true;
            return Optional.empty();
        }
    }

    /// Whether a rename over the path would destroy something that is not a file of ours.
    private boolean isOccupied() {
        return Files.exists(path(), LinkOption.NOFOLLOW_LINKS)
                && (occupied || !Files.isRegularFile(path(), LinkOption.NOFOLLOW_LINKS));
    }
}
