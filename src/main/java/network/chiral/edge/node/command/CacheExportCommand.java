// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.List;
import java.util.Set;
import network.chiral.edge.node.SettingValue;
import network.chiral.edge.node.cache.CacheRules;
import network.chiral.edge.node.cache.PeerCacheFile;

/// `cache export`: the good peers in the bytes that Chiral's client writes and reads.
final class CacheExportCommand implements Command {
    private final CacheFiles files;

    CacheExportCommand(CacheFiles files) {
        this.files = files;
    }

    @Override
    public String name() {
        return "cache export";
    }

    @Override
    public String summary() {
        return "writes the peers in exactly the format of Chiral's client";
    }

    @Override
    public String help() {
        return """
        cache export [--file FILE] [--force] [OUT]
        Writes the peers that can be read to OUT, or to standard output. They are the best
        chiral.cache.max-peers that are not stale: Chiral's client takes no more.
          %s
          --force      although there is an OUT, which is replaced\
        """
                .formatted(CacheFiles.FILE_HELP);
    }

    @Override
    public int run(List<String> typed, Console console) throws BadUsage, IOException {
        var arguments = Arguments.of(typed, Set.of(CacheFiles.FORCE), Set.of(CacheFiles.FILE));
        var place = files.place(arguments);
        var rules = place.rules();
        var peers =
                rules.fresh(CacheFiles.peers(place, files.inspect(place)), files.now()).stream()
                        .sorted(CacheRules.BEST_FIRST)
                        .limit(rules.maxPeers())
                        .toList();
        if (arguments.rest().isEmpty()) {
            var text = PeerCacheFile.text(peers, files.now());
            console.out().print(new String(text, StandardCharsets.UTF_8));
            console.out().flush();
            return Commands.OK;
        }
        var out = SettingValue.path("OUT", arguments.only("OUT"));
        if (Files.exists(out, LinkOption.NOFOLLOW_LINKS) && !arguments.has(CacheFiles.FORCE)) {
            throw new IOException(out + " is there already; --force replaces it");
        }
        files.save(new CacheFiles.Place(out, rules, false), peers);
        console.err().println(peers.size() + " peers are in " + out);
        return Commands.OK;
    }
}
