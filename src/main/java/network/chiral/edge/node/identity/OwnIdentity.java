// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.identity;

import java.util.Optional;
import network.chiral.edge.libp2p.crypto.CryptoProvider;
import network.chiral.edge.libp2p.identity.Identity;
import network.chiral.edge.node.NodeSettings;

/// Who the node is, wherever the configuration says that its key comes from.
public final class OwnIdentity {
    private OwnIdentity() {}

    /// The identity; a key file that is not there yet is made.
    ///
    /// @throws network.chiral.edge.node.BadConfiguration where there is none to be had
    public static Identity findOrCreate(NodeSettings settings, CryptoProvider crypto) {
        return find(settings, crypto)
                .orElseGet(() -> KeyFile.loadOrCreate(settings.keyFile(), crypto));
    }

    /// The identity, if there is one already; nothing is made.
    ///
    /// @throws network.chiral.edge.node.BadConfiguration where what is there cannot be used
    public static Optional<Identity> find(NodeSettings settings, CryptoProvider crypto) {
        return settings.seed()
                .map(seed -> SeedFile.load(seed, settings.keyFile(), crypto))
                .or(() -> settings.secretFile().map(file -> SecretFile.load(file, crypto)))
                .map(Optional::of)
                .orElseGet(() -> KeyFile.find(settings.keyFile(), crypto));
    }

    /// In words where [#find] looks.
    public static String place(NodeSettings settings) {
        return settings.seed()
                .map(seed -> "seed file " + seed.file() + ", ordinal " + seed.ordinal())
                .or(() -> settings.secretFile().map(file -> "secret file " + file))
                .orElseGet(() -> "key file " + settings.keyFile());
    }
}
