// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.security.noise;

import static network.chiral.edge.libp2p.testing.TestKeys.CRYPTO;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.HexFormat;
import network.chiral.edge.libp2p.crypto.CryptoProviders;
import network.chiral.edge.libp2p.crypto.X25519KeyPair;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EphemeralKeysTest {
    private static final int MOST = 8;

    private final long contextsBefore = CryptoProviders.liveContexts();
    private final ArrayDeque<Runnable> elsewhere = new ArrayDeque<>();
    private final EphemeralKeys keys = new EphemeralKeys(CRYPTO, MOST, elsewhere::add);
    private final HashSet<String> taken = new HashSet<>();

    @AfterEach
    void leavesNoContextOpen() {
        keys.close();

        assertThat(CryptoProviders.liveContexts()).isEqualTo(contextsBefore);
    }

    private void take(int count) {
        for (int i = 0; i < count; i++) {
            try (X25519KeyPair key = keys.take()) {
                taken.add(HexFormat.of().formatHex(key.publicKey()));
            }
        }
    }

    @Test
    void makesNoneBeforeTheFirstIsTaken() {
        assertThat(keys.waiting()).isZero();
        assertThat(elsewhere).isEmpty();
    }

    @Test
    void givesNoKeyTwiceWhetherItWasReadyOrNot() {
        take(1);
        elsewhere.remove().run();

        take(3 * MOST);

        assertThat(taken).hasSize(1 + 3 * MOST);
    }

    @Test
    void makesAsManyAsMayWaitAndAgainWhenHalfOfThemAreTaken() {
        take(1);
        elsewhere.remove().run();
        assertThat(keys.waiting()).isEqualTo(MOST);

        take(MOST / 2 - 1);
        assertThat(elsewhere).isEmpty();
        take(1);
        elsewhere.remove().run();

        assertThat(keys.waiting()).isEqualTo(MOST);
    }

    @Test
    void asksForMoreOnceHoweverManyAreTakenMeanwhile() {
        take(5 * MOST);

        assertThat(elsewhere).hasSize(1);
    }

    @Test
    void keepsNoneThatAreMadeWhileItCloses() {
        take(1);

        keys.close();
        elsewhere.remove().run();

        assertThat(keys.waiting()).isZero();
    }

    @Test
    void makesNoneAheadWhereNoneMayWait() {
        var none = new EphemeralKeys(CRYPTO, 0, elsewhere::add);

        none.take().close();

        assertThat(elsewhere).isEmpty();
    }
}
