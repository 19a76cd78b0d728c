// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.testing;

import network.chiral.edge.libp2p.crypto.CryptoProvider;
import network.chiral.edge.libp2p.crypto.CryptoProviders;
import network.chiral.edge.libp2p.identity.Identity;
import network.chiral.edge.libp2p.identity.PeerId;

/// Identities by name, the same in every run.
public final class TestKeys {
    public static final CryptoProvider CRYPTO = CryptoProviders.select().provider();

    private TestKeys() {}

    public static Identity identity(String name) {
        return Identity.ofSecret(CRYPTO, name);
    }

    public static PeerId peer(String name) {
        return identity(name).peerId();
    }
}
