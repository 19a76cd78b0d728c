// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.command;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import network.chiral.edge.node.cache.LoadOutcome;

/// `cache repair`: a sound file of what is good in a damaged one, which is kept beside.
final class CacheRepairCommand implements Command {
    private final CacheFiles files;

    CacheRepairCommand(CacheFiles files) {
        this.files = files;
    }

    @Override
    public String name() {
        return "cache repair";
    }

    @Override
    public String summary() {
        return "makes a sound file of what can be read, and keeps the damaged one";
    }

    @Override
    public String help() {
        return """
        cache repair [--file FILE] [--force]
        A damaged file is renamed to FILE.corrupt-TIME, and its good peers are written to a new one. Exit code
        0 also where there was nothing to repair, 1 where no peer could be read: then the file is renamed all
        the same, and a node starts without peers.
          %s
          --force      although a running node owns the file\
        """
                .formatted(CacheFiles.FILE_HELP);
    }

    @Override
    public int run(List<String> typed, Console console) throws BadUsage, IOException {
        var arguments = Arguments.of(typed, Set.of(CacheFiles.FORCE), Set.of(CacheFiles.FILE));
        arguments.expectNoRest();
        var place = files.place(arguments);
        return switch (files.inspect(place).outcome()) {
            case LoadOutcome.Missing() -> throw new IOException("there is no " + place.path());
            case LoadOutcome.Loaded _, LoadOutcome.LoadedNewerVersion _ -> {
                console.out().println(place.path() + " is sound");
                yield Commands.OK;
            }
            case LoadOutcome.Salvaged _, LoadOutcome.Unreadable _ ->
                    files.owning(place, arguments, console, () -> repair(place, console));
        };
    }

    private int repair(CacheFiles.Place place, Console console) throws IOException {
        var found = files.setAside(place);
        var aside =
                CacheFiles.aside(found.outcome())
                        .orElseThrow(() ->
                                new IOException(
                                        place.path() + " cannot be renamed, so it is left alone"));
        console.out().println(place.path() + " was " + CacheFiles.state(found.outcome()));
        console.out().println("kept as " + aside);
        if (found.peers().isEmpty()) {
            throw new IOException("no peer could be read, so there is no new file");
        }
        files.save(place, found.peers());
        console.out().println(found.peers().size() + " peers are in the new " + place.path());
        return Commands.OK;
    }
}
