// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.command;

import java.util.List;
import java.util.Set;
import network.chiral.edge.node.cache.LoadOutcome;

/// `cache verify`: is the cache file sound?
final class CacheVerifyCommand implements Command {
    private final CacheFiles files;

    CacheVerifyCommand(CacheFiles files) {
        this.files = files;
    }

    @Override
    public String name() {
        return "cache verify";
    }

    @Override
    public String summary() {
        return "tells by its exit code whether the peer cache is sound";
    }

    @Override
    public String help() {
        return """
        cache verify [--file FILE] [--json]
        Exit code 0: sound; 1: there is none; 3: damaged, some peers can be read; 4: none of it can.
        The file is left as it is.
          %s
          --json       one line of JSON: file, state, peers (how many)\
        """
                .formatted(CacheFiles.FILE_HELP);
    }

    @Override
    public int run(List<String> typed, Console console) throws BadUsage {
        var arguments = Arguments.of(typed, Set.of(CacheFiles.JSON), Set.of(CacheFiles.FILE));
        arguments.expectNoRest();
        var place = files.place(arguments);
        var found = files.inspect(place);
        var state = CacheFiles.state(found.outcome());
        console.out()
                .println(
                        arguments.has(CacheFiles.JSON)
                                ? Json.object(json -> {
                                    json.writeStringField("file", place.path().toString());
                                    json.writeStringField("state", state);
                                    json.writeNumberField("peers", found.peers().size());
                                })
                                : place.path()
                                        + ": "
                                        + state
                                        + ", "
                                        + found.peers().size()
                                        + " peers");
        return switch (found.outcome()) {
            case LoadOutcome.Loaded _, LoadOutcome.LoadedNewerVersion _ -> Commands.OK;
            case LoadOutcome.Missing() -> Commands.FAILED;
            case LoadOutcome.Salvaged _ -> Commands.DAMAGED;
            case LoadOutcome.Unreadable _ -> Commands.UNREADABLE;
        };
    }
}
