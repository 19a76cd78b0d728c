// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import network.chiral.edge.node.SettingValue;
import network.chiral.edge.node.cache.CacheMerge;
import network.chiral.edge.node.cache.LoadOutcome;

/// `cache import`: the peers of another cache file, such as a Chiral client's, into this one.
final class CacheImportCommand implements Command {
    private final CacheFiles files;

    CacheImportCommand(CacheFiles files) {
        this.files = files;
    }

    @Override
    public String name() {
        return "cache import";
    }

    @Override
    public String summary() {
        return "adds the peers of another peer_cache.json, Chiral's or ours";
    }

    @Override
    public String help() {
        return """
        cache import [--file FILE] [--force] OTHER
        Adds the peers of OTHER, which stays as it is. Of a peer in both, the entry that saw it last counts, with
        the addresses of both. What is stale, had no transfer or is beyond chiral.cache.max-peers stays out.
          %s
          --force      although a running node owns the file\
        """
                .formatted(CacheFiles.FILE_HELP);
    }

    @Override
    public int run(List<String> typed, Console console) throws BadUsage, IOException {
        var arguments = Arguments.of(typed, Set.of(CacheFiles.FORCE), Set.of(CacheFiles.FILE));
        var other = SettingValue.path("OTHER", arguments.only("file"));
        var place = files.place(arguments);
        return files.owning(place, arguments, console, () -> merge(place, other, console));
    }

    private int merge(CacheFiles.Place place, Path other, Console console) throws IOException {
        var source = new CacheFiles.Place(other, place.rules(), false);
        var found = files.inspect(source);
        var offered = CacheFiles.peers(source, found);
        if (found.outcome() instanceof LoadOutcome.Salvaged) {
            console.err().println("warning: " + other + " is " + CacheFiles.state(found.outcome()));
        }
        var own = files.inspect(place);
        switch (own.outcome()) {
            case LoadOutcome.Salvaged _, LoadOutcome.Unreadable _ ->
                    throw new IOException(
                            place.path()
                                    + " is "
                                    + CacheFiles.state(own.outcome())
                                    + "; see `"
                                    + Commands.PROGRAM
                                    + " cache repair`");
            case LoadOutcome.Missing _, LoadOutcome.Loaded _, LoadOutcome.LoadedNewerVersion _ -> {
                // these can be added to
            }
        }
        var merged = CacheMerge.of(own.peers(), offered, place.rules(), files.now());
        if (merged.added() + merged.updated() > 0) {
            files.save(place, merged.peers());
        }
        console.out()
                .printf(
                        "%d added, %d updated, %d left out, %d peers in %s%n",
                        merged.added(),
                        merged.updated(),
                        merged.leftOut(),
                        merged.peers().size(),
                        place.path());
        return Commands.OK;
    }
}
