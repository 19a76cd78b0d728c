// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.command;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import network.chiral.edge.node.NodeConfig;
import network.chiral.edge.node.SettingValue;
import network.chiral.edge.node.cache.CacheConfig;
import network.chiral.edge.node.cache.CacheLoad;
import network.chiral.edge.node.cache.CacheLock;
import network.chiral.edge.node.cache.CacheRules;
import network.chiral.edge.node.cache.CacheSettings;
import network.chiral.edge.node.cache.CachedPeer;
import network.chiral.edge.node.cache.LoadOutcome;
import network.chiral.edge.node.cache.PeerCacheFile;
import network.chiral.edge.node.cache.PeerHistory;
import network.chiral.edge.node.configuration.Mappings;

/// Opens the cache file that a command is about: the one that is named, or else the configured one.
final class CacheFiles {
    /// Names a file in place of the configured one.
    static final String FILE = "--file";

    /// Writes although a node runs.
    static final String FORCE = "--force";

    static final String JSON = "--json";

    /// What the help of each command says of `--file`.
    static final String FILE_HELP = "--file FILE  that one; without it chiral.cache.file";

    private final Settings settings;
    private final Clock clock;

    CacheFiles(Settings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /// One file.
    ///
    /// @param rules which peers a new file may hold
    /// @param fsync whether a write waits for the disk
    record Place(Path path, CacheRules rules, boolean fsync) {}

    Instant now() {
        return clock.instant();
    }

    /// The file that the arguments name.
    Place place(Arguments arguments) {
        var named = arguments.value(FILE);
        if (named.isPresent()) {
            return new Place(SettingValue.path(FILE, named.get()), CacheRules.DEFAULT, true);
        }
        var all = new Mappings(settings.read());
        var dataDir = SettingValue.path("chiral.data-dir", all.of(NodeConfig.class).dataDir());
        var cache = CacheSettings.of(all.of(CacheConfig.class), dataDir);
        return new Place(cache.file(), cache.rules(), cache.fsync());
    }

    /// What lies there, with all of its peers and not only as many as a node would keep.
    CacheLoad inspect(Place place) {
        return open(place).inspect(now());
    }

    /// Renames what lies there if it is damaged, and gives its good peers.
    CacheLoad setAside(Place place) {
        return open(place).load(now());
    }

    /// Puts a new file in the place.
    void save(Place place, List<CachedPeer> peers) throws IOException {
        open(place).save(peers, now());
    }

    private static PeerCacheFile open(Place place) {
        var all =
                new CacheRules(
                        PeerHistory.DEFAULT_CAPACITY,
                        place.rules().maxAge(),
                        place.rules().minTransfers());
        return new PeerCacheFile(place.path(), all, place.fsync());
    }

    /// Something that writes the file.
    interface Work {
        int run() throws IOException;
    }

    /// Does it while no node owns the file, or although one does where that is asked for.
    int owning(Place place, Arguments arguments, Console console, Work work) throws IOException {
        return switch (CacheLock.tryTake(place.path())) {
            case CacheLock.Taken(var lock) -> {
                try (lock) {
                    yield work.run();
                }
            }
            case CacheLock.Held() -> {
                if (!arguments.has(FORCE)) {
                    throw new IOException(
                            "a running node owns "
                                    + place.path()
                                    + " and would overwrite it within a minute: stop the node"
                                    + " first, or say "
                                    + FORCE);
                }
                console.err().println("warning: a running node owns " + place.path());
                yield work.run();
            }
            case CacheLock.Impossible(var reason) -> {
                console.err().println("warning: whether a node runs cannot be told: " + reason);
                yield work.run();
            }
        };
    }

    /// In a few words how the file is.
    static String state(LoadOutcome outcome) {
        return switch (outcome) {
            case LoadOutcome.Missing() -> "missing";
            case LoadOutcome.Loaded() -> "sound";
            case LoadOutcome.LoadedNewerVersion(var version) ->
                    "sound, of the later format " + version;
            case LoadOutcome.Salvaged(var _, var _, var reason) -> "damaged: " + reason;
            case LoadOutcome.Unreadable(var _, var reason) -> "unreadable: " + reason;
        };
    }

    /// Where the damaged file lies now.
    static Optional<Path> aside(LoadOutcome outcome) {
        return switch (outcome) {
            case LoadOutcome.Salvaged(var _, var aside, var _) -> aside;
            case LoadOutcome.Unreadable(var aside, var _) -> aside;
            case LoadOutcome.Missing _, LoadOutcome.Loaded _, LoadOutcome.LoadedNewerVersion _ ->
                    Optional.empty();
        };
    }

    /// The peers of a file that has to be there and to have some.
    static List<CachedPeer> peers(Place place, CacheLoad found) throws IOException {
        return switch (found.outcome()) {
            case LoadOutcome.Missing() -> throw new IOException("there is no " + place.path());
            case LoadOutcome.Unreadable(var _, var reason) ->
                    throw new IOException("no peer of " + place.path() + " can be read: " + reason);
            case LoadOutcome.Loaded _, LoadOutcome.LoadedNewerVersion _, LoadOutcome.Salvaged _ ->
                    found.peers();
        };
    }
}
