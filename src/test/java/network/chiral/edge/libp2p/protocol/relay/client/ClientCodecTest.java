// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay.client;

import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.IntStream;
import network.chiral.edge.libp2p.protocol.relay.RelayStatus;
import network.chiral.edge.libp2p.swarm.Allowance;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import network.chiral.edge.libp2p.wire.ProtoWriter;
import org.junit.jupiter.api.Test;

class ClientCodecTest {
    private static ProtoWriter status(long status) {
        return new ProtoWriter().number(1, 2).number(5, status);
    }

    @Test
    void readsASlotWithoutVoucherAndLimit() throws Exception {
        var slot = new ProtoWriter().number(1, 1_800_000_000L);

        var answer = ClientCodec.parseAnswer(status(100).message(3, slot).toBytes());

        assertThat(answer.status()).isEqualTo(RelayStatus.OK);
        assertThat(answer.slot().orElseThrow().expires()).isEqualTo(1_800_000_000L);
        assertThat(answer.slot().orElseThrow().voucher()).isEmpty();
        assertThat(answer.limit()).isEmpty();
    }

    @Test
    void takesAnEmptyVoucherForNone() throws Exception {
        var slot = new ProtoWriter().number(1, 1).bytes(3, new byte[0]);

        var answer = ClientCodec.parseAnswer(status(100).message(3, slot).toBytes());

        assertThat(answer.slot().orElseThrow().voucher()).isEmpty();
    }

    @Test
    void looksAtBoundedlyManyAddresses() throws Exception {
        var slot = new ProtoWriter().number(1, 1);
        IntStream.range(0, 1_000).forEach(_ -> slot.bytes(2, new byte[] {1}));

        var answer = ClientCodec.parseAnswer(status(100).message(3, slot).toBytes());

        assertThat(answer.slot().orElseThrow().addresses()).hasSize(ClientCodec.MAX_ADDRESSES);
    }

    @Test
    void readsLimitsBeyondEveryNumberAsThatMuch() throws Exception {
        var limit = new ProtoWriter().number(1, 0xFFFF_FFFFL).number(2, -1);

        var answer = ClientCodec.parseAnswer(status(100).message(4, limit).toBytes());

        assertThat(answer.limit())
                .contains(new Allowance(Long.MAX_VALUE, Duration.ofSeconds(0xFFFF_FFFFL)));
    }

    @Test
    void readsAStatusThatItDoesNotKnowAsNoSuccess() throws Exception {
        assertThat(ClientCodec.parseAnswer(status(999).toBytes()).status())
                .isEqualTo(RelayStatus.UNUSED);
        assertThat(ClientCodec.parseAnswer(new byte[] {8, 2}).status())
                .isEqualTo(RelayStatus.UNUSED);
    }

    @Test
    void refusesAnAnswerThatIsARequest() {
        assertThatThrownBy(() -> ClientCodec.parseAnswer(new byte[] {8, 0}))
                .isInstanceOf(MalformedMessage.class);
        assertThatThrownBy(() -> ClientCodec.parseAnswer(new byte[0]))
                .isInstanceOf(MalformedMessage.class);
    }

    @Test
    void readsWhoWantsToCome() throws Exception {
        var source = new ProtoWriter().bytes(1, peer("source").bytes());

        var request =
                ClientCodec.parseStop(new ProtoWriter().number(1, 0).message(2, source).toBytes());

        assertThat(request)
                .isEqualTo(
                        new ClientCodec.StopRequest.Connect(
                                peer("source"), java.util.Optional.empty()));
    }
}
