// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.conformance;

import java.util.Set;
import java.util.TreeSet;

/// The libraries that the test under way has met, with their versions.
///
/// The tests of one process run one after the other, so one set is enough.
public final class PeersMet {
    private static final Set<String> MET = new TreeSet<>(); // guarded by the class

    private PeersMet() {}

    /// Told by whoever speaks with a peer.
    public static synchronized void met(String library) {
        MET.add(library);
    }

    static synchronized void begin() {
        MET.clear();
    }

    static synchronized Set<String> end() {
        return Set.copyOf(MET);
    }
}
