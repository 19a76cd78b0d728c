// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class X25519KeyPairTest {
    private static final String PROVIDERS =
            "network.chiral.edge.libp2p.crypto.AvailableProviders#all";

    /// All points of order 1, 2, 4 and 8, in the encodings that fit into 255 bits.
    private static final List<String> LOW_ORDER_POINTS =
            List.of(
                    "0000000000000000000000000000000000000000000000000000000000000000",
                    "0100000000000000000000000000000000000000000000000000000000000000",
                    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");

    @Test
    void providersAgreeWithEachOther() {
        for (var mine : AvailableProviders.all()) {
            for (var theirs : AvailableProviders.all()) {
                try (var here = mine.newX25519KeyPair();
                        var there = theirs.newX25519KeyPair()) {
                    assertThat(here.agree(there.publicKey()))
                            .as("%s with %s", mine.name(), theirs.name())
                            .hasSize(32)
                            .isEqualTo(there.agree(here.publicKey()));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource(PROVIDERS)
    void makesANewKeyEachTime(CryptoProvider provider) {
        try (var one = provider.newX25519KeyPair();
                var another = provider.newX25519KeyPair()) {
            assertThat(one.publicKey()).isNotEqualTo(another.publicKey());
        }
    }

    @ParameterizedTest
    @MethodSource(PROVIDERS)
    void refusesPointsOfLowOrder(CryptoProvider provider) {
        try (var pair = provider.newX25519KeyPair()) {
            for (var point : LOW_ORDER_POINTS) {
                assertThatThrownBy(() -> pair.agree(HexFormat.of().parseHex(point)))
                        .as(point)
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @ParameterizedTest
    @MethodSource(PROVIDERS)
    void refusesKeysOfAnotherLength(CryptoProvider provider) {
        try (var pair = provider.newX25519KeyPair()) {
            for (var length : new int[] {0, 31, 33}) {
                assertThatThrownBy(() -> pair.agree(new byte[length]))
                        .isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> provider.x25519KeyPair(new byte[length]))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @ParameterizedTest
    @MethodSource(PROVIDERS)
    void agreesNoMoreOnceClosed(CryptoProvider provider) {
        var pair = provider.newX25519KeyPair();

        pair.close();
        pair.close();

        var point = pair.publicKey();
        assertThatThrownBy(() -> pair.agree(point)).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @MethodSource(PROVIDERS)
    void servesManyThreadsAtOnce(CryptoProvider provider) throws Exception {
        try (var pair = provider.newX25519KeyPair();
                var remote = provider.newX25519KeyPair();
                var threads = Executors.newFixedThreadPool(8)) {
            var expected = remote.agree(pair.publicKey());
            Callable<byte[]> agreement = () -> pair.agree(remote.publicKey());

            var secrets = threads.invokeAll(Stream.generate(() -> agreement).limit(400).toList());

            for (var secret : secrets) {
                assertThat(secret.get()).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @MethodSource(PROVIDERS)
    void mayBeClosedWhileOthersAgree(CryptoProvider provider) throws Exception {
        for (var round = 0; round < 20; round++) {
            var pair = provider.newX25519KeyPair();
            var point = pair.publicKey();
            var secret = pair.agree(point);
            Callable<byte[]> agreement =
                    () -> {
                        try {
                            return pair.agree(point);
                        } catch (IllegalStateException _) {
                            return secret;
                        }
                    };
            try (var threads = Executors.newFixedThreadPool(4)) {
                var first = threads.submit(agreement);
                var others = Stream.generate(() -> threads.submit(agreement)).limit(20).toList();
                first.get();

                pair.close();

                for (var other : others) {
                    assertThat(other.get()).isEqualTo(secret);
                }
            }
        }
    }
}
