// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

import java.util.ArrayList;
import java.util.List;
import network.chiral.edge.libp2p.crypto.CryptoProviders.Candidate;

/// The providers that this machine has, each as the only candidate: what the parameterised tests run over.
final class AvailableProviders {
    private AvailableProviders() {}

    static List<CryptoProvider> all() {
        var available = new ArrayList<CryptoProvider>();
        for (Candidate candidate :
                CryptoProviders.candidates(Libcrypto.names(), Libsodium.names())) {
            try {
                available.add(candidate.provider().get());
            } catch (UnsupportedOperationException _) {
                // This machine lacks the library: the others are tested all the same.
            }
        }
        return available;
    }
}
