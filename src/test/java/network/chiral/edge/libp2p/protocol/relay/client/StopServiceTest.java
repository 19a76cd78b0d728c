// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay.client;

import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.relay.RelayCodec;
import network.chiral.edge.libp2p.protocol.relay.RelayStatus;
import network.chiral.edge.libp2p.protocol.relay.StopMessage;
import network.chiral.edge.libp2p.swarm.Allowance;
import network.chiral.edge.libp2p.swarm.Circuit;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.Stream;
import network.chiral.edge.libp2p.testing.FakeConversation;
import org.junit.jupiter.api.Test;

class StopServiceTest {
    private static final PeerId SELF = peer("self");
    private static final PeerId RELAY = peer("relay");
    private static final PeerId SOURCE = peer("source");

    private final List<Circuit> taken = new ArrayList<>();
    private final StopService service =
            new StopService(
                    SELF,
                    RELAY::equals,
                    new RelayClient.Network() {
                        @Override
                        public Connection dial(PeerId peer, Collection<Multiaddr> addresses)
                                throws IOException {
                            throw new IOException("nobody is dialled here");
                        }

                        @Override
                        public Connection upgrade(Stream stream, Circuit circuit) {
                            taken.add(circuit);
                            return stream.connection();
                        }
                    });

    private RelayStatus answer(PeerId from, byte[] request) throws Exception {
        var conversation = new FakeConversation(from, request);
        service.onStream(conversation);
        var said = HexFormat.of().formatHex(conversation.answers().getFirst());
        assertThat(said).startsWith("080120"); // type STATUS, then the status as a varint
        return RelayStatus.of(
                said.length() == 8
                        ? Integer.parseInt(said.substring(6), 16)
                        : (Integer.parseInt(said.substring(6, 8), 16) & 0x7F)
                                + (Integer.parseInt(said.substring(8), 16) << 7));
    }

    private static byte[] connect(PeerId source) {
        return RelayCodec.toBytes(
                new StopMessage.Connect(source, new Allowance(1 << 20, Duration.ofMinutes(2))));
    }

    @Test
    @Clause({"relay-client-12", "relay-client-15"})
    void takesACircuitOfARelayWhereASlotIsHeld() throws Exception {
        assertThat(answer(RELAY, connect(SOURCE))).isEqualTo(RelayStatus.OK);

        assertThat(taken).hasSize(1);
        var circuit = taken.getFirst();
        assertThat(circuit.remote()).isEqualTo(SOURCE);
        assertThat(circuit.direction()).isEqualTo(Connection.Direction.INBOUND);
        assertThat(circuit.address().toString()).endsWith("/p2p/" + RELAY + "/p2p-circuit");
        assertThat(circuit.limit()).contains(new Allowance(1 << 20, Duration.ofMinutes(2)));
    }

    @Test
    @Clause({"relay-client-13", "relay-client-17"})
    void takesNothingFromAPeerThatItDidNotChoose() throws Exception {
        assertThat(answer(peer("stranger"), connect(SOURCE)))
                .isEqualTo(RelayStatus.PERMISSION_DENIED);
        assertThat(taken).isEmpty();
    }

    @Test
    void takesNoCircuitFromItselfOrTheRelay() throws Exception {
        assertThat(answer(RELAY, connect(SELF))).isEqualTo(RelayStatus.PERMISSION_DENIED);
        assertThat(answer(RELAY, connect(RELAY))).isEqualTo(RelayStatus.PERMISSION_DENIED);
        assertThat(taken).isEmpty();
    }

    @Test
    @Clause("relay-client-13")
    void saysWhatIsWrongWithARequest() throws Exception {
        assertThat(answer(RELAY, new byte[] {8, 1})).isEqualTo(RelayStatus.UNEXPECTED_MESSAGE);
        assertThat(answer(RELAY, new byte[] {8, 0})).isEqualTo(RelayStatus.MALFORMED_MESSAGE);
        assertThat(answer(RELAY, new byte[] {8, 0, 18, 3, 10, 1, 7}))
                .isEqualTo(RelayStatus.MALFORMED_MESSAGE);
        assertThat(answer(RELAY, new byte[] {-1})).isEqualTo(RelayStatus.MALFORMED_MESSAGE);
        assertThat(taken).isEmpty();
    }
}
