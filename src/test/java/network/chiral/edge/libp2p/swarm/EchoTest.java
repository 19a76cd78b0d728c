// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.concurrent.atomic.AtomicInteger;
import network.chiral.edge.libp2p.testing.FakeMuxedStream;
import org.junit.jupiter.api.Test;

class EchoTest {
    private final FakeMuxedStream muxed = new FakeMuxedStream();
    private final AtomicInteger ended = new AtomicInteger();
    private final Echo echo = new Echo(muxed, ended::incrementAndGet);

    @Test
    void sendsBackWhatComesAndGivesCreditWhenItWasWritten() {
        echo.onData(Unpooled.buffer().writeZero(32));
        assertThat(muxed.consumed()).isZero();

        echo.onWritten(32);

        assertThat(muxed.written()).isEqualTo(32);
        assertThat(muxed.consumed()).isEqualTo(32);
    }

    @Test
    void isCountedUntilTheRemoteHasTakenBackAllItSent() {
        echo.onEnd();

        assertThat(ended).hasValue(0);

        echo.onWriteClosed();

        assertThat(ended).hasValue(1);
    }

    @Test
    void endsOnceWhateverTheRemoteDoesAfterItHasEnded() {
        echo.onEnd();
        echo.onWriteClosed();

        echo.onReset();

        assertThat(muxed.ends()).isEqualTo(1);
        assertThat(ended).hasValue(1);
    }
}
