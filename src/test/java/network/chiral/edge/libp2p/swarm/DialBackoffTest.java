// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import org.junit.jupiter.api.Test;

class DialBackoffTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final PeerId BOB = peer("bob");
    private static final Multiaddr HOME = Multiaddr.parse("/ip4/192.0.2.1/tcp/4001");

    private final DialBackoff backoff = new DialBackoff();

    @Test
    void leavesAnAddressAloneForFiveSecondsAfterItsFirstFailure() {
        backoff.failed(BOB, HOME, NOON);

        assertThat(backoff.isResting(BOB, HOME, NOON.plusMillis(4_999))).isTrue();
        assertThat(backoff.isResting(BOB, HOME, NOON.plusSeconds(5))).isFalse();
    }

    @Test
    void leavesItAloneLongerEachTimeAndNeverLongerThanFiveMinutes() {
        var now = NOON;
        var before = Duration.ZERO;
        for (int tries = 0; tries < 40; tries++) {
            backoff.failed(BOB, HOME, now);
            var pause = Duration.ofSeconds(Math.min(300, 5 + (long) tries * tries));

            assertThat(backoff.isResting(BOB, HOME, now.plus(pause).minusMillis(1))).isTrue();
            assertThat(backoff.isResting(BOB, HOME, now.plus(pause))).isFalse();
            assertThat(pause).isGreaterThanOrEqualTo(before);
            before = pause;
            now = now.plus(pause);
        }
    }

    @Test
    void beginsAnewAfterASuccess() {
        for (int tries = 0; tries < 10; tries++) {
            backoff.failed(BOB, HOME, NOON);
        }

        backoff.succeeded(BOB, HOME);
        assertThat(backoff.isResting(BOB, HOME, NOON)).isFalse();
        backoff.failed(BOB, HOME, NOON);

        assertThat(backoff.isResting(BOB, HOME, NOON.plusSeconds(5))).isFalse();
    }

    @Test
    void letsAnotherPeerBeDialledAtAnAddressWhereOneWasNotFound() {
        backoff.failed(peer("mallory"), HOME, NOON);

        assertThat(backoff.isResting(BOB, HOME, NOON)).isFalse();
    }

    @Test
    void forgetsTheEldestOfTenThousand() {
        backoff.failed(BOB, HOME, NOON);
        for (int port = 1; port <= 10_000; port++) {
            backoff.failed(BOB, Multiaddr.parse("/ip4/192.0.2.2/tcp/" + port), NOON);
        }

        assertThat(backoff.isResting(BOB, HOME, NOON)).isFalse();
        assertThat(backoff.isResting(BOB, Multiaddr.parse("/ip4/192.0.2.2/tcp/1"), NOON)).isTrue();
    }
}
