// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ReliabilityTest {
    @Test
    void knowsNothingOfANewPeer() {
        assertThat(Reliability.score(0, 0, 900)).isEqualTo(0.5);
    }

    @Test
    void weighsSuccessLatencyAndAConstantUptime() {
        assertThat(Reliability.score(3, 1, 200)).isEqualTo(0.69, within(1e-12));
    }

    @Test
    void takesAnUnknownLatencyForAMiddlingOne() {
        assertThat(Reliability.score(1, 0, 0)).isEqualTo(0.7, within(1e-12));
    }

    @Test
    void staysInsideTheRangeThatTheConstantUptimeLeaves() {
        assertThat(Reliability.score(0, 9, 4_000_000_000L)).isEqualTo(0.15, within(1e-12));
        assertThat(Reliability.score(9, 0, 1)).isEqualTo(0.8497, within(1e-12));
    }
}
