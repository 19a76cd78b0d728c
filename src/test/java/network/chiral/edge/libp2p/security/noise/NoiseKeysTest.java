// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.security.noise;

import static network.chiral.edge.libp2p.testing.TestKeys.CRYPTO;
import static network.chiral.edge.libp2p.testing.TestKeys.identity;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import network.chiral.edge.conformance.Clause;
import org.junit.jupiter.api.Test;

class NoiseKeysTest {
    @Test
    @Clause("noise-5")
    void areNewForEachProcessWhateverTheIdentity() {
        var before = new NoiseKeys(CRYPTO, identity("alice"), List.of());
        var afterwards = new NoiseKeys(CRYPTO, identity("alice"), List.of());

        assertThat(afterwards.staticKey.publicKey()).isNotEqualTo(before.staticKey.publicKey());
    }
}
