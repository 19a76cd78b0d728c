// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import java.nio.file.Path;

/// A program of its own, started by a test with a heap in which a careless reader would drown.
final class SmallHeapLoad {
    private SmallHeapLoad() {}

    public static void main(String[] arguments) {
        var file = new PeerCacheFile(Path.of(arguments[0]), CacheRules.DEFAULT, false);

        var load = file.load(Peers.NOON);

        System.exit(load.peers().size() == 100 ? 0 : 1);
    }
}
