// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay.client;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Predicate;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.protocol.relay.HopMessage;
import network.chiral.edge.libp2p.protocol.relay.HopService;
import network.chiral.edge.libp2p.protocol.relay.RelayCodec;
import network.chiral.edge.libp2p.protocol.relay.RelayStatus;
import network.chiral.edge.libp2p.protocol.relay.StopMessage;
import network.chiral.edge.libp2p.protocol.relay.client.ClientCodec.StopRequest;
import network.chiral.edge.libp2p.swarm.Circuit;
import network.chiral.edge.libp2p.swarm.CircuitAddress;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.ProtocolViolation;
import network.chiral.edge.libp2p.swarm.ServedProtocol;
import network.chiral.edge.libp2p.swarm.Stream;
import network.chiral.edge.libp2p.wire.MalformedMessage;

/// Takes circuits in from the relays where this node holds a slot.
public final class StopService {
    /// Circuits of one relay that are being taken in at once, as rust-libp2p has it.
    private static final int PER_CONNECTION = 10;

    /// From the request to the secured connection (go-libp2p's StreamTimeout).
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final PeerId self;
    private final Predicate<PeerId> isReserved;
    private final RelayClient.Network network;

    /// @param self this node
    /// @param isReserved whether this node holds a slot at a relay
    public StopService(PeerId self, Predicate<PeerId> isReserved, RelayClient.Network network) {
        this.self = self;
        this.isReserved = isReserved;
        this.network = network;
    }

    /// This service as the swarm serves it.
    public ServedProtocol served() {
        return new ServedProtocol(HopService.STOP, this::onStream, PER_CONNECTION, PATIENCE);
    }

    void onStream(Stream stream) throws IOException, InterruptedException {
        StopRequest request;
        try {
            request = ClientCodec.parseStop(stream.readMessage(HopMessage.MAX_LENGTH));
        } catch (MalformedMessage | ProtocolViolation e) {
            reply(stream, RelayStatus.MALFORMED_MESSAGE);
            return;
        }
        switch (request) {
            case StopRequest.Unexpected() -> reply(stream, RelayStatus.UNEXPECTED_MESSAGE);
            case StopRequest.Connect connect when isWelcome(stream, connect.source()) ->
                    take(stream, connect);
            case StopRequest.Connect _ -> reply(stream, RelayStatus.PERMISSION_DENIED);
        }
    }

    /// Only a relay that this node has chosen may bring somebody, and over a direct connection.
    private boolean isWelcome(Stream stream, PeerId source) {
        var relay = stream.remotePeer();
        return !stream.connection().isRelayed()
                && isReserved.test(relay)
                && !source.equals(relay)
                && !source.equals(self);
    }

    private void take(Stream stream, StopRequest.Connect connect)
            throws IOException, InterruptedException {
        reply(stream, RelayStatus.OK);
        var relay = stream.connection();
        var through = CircuitAddress.through(relay.remoteAddress(), relay.remotePeer());
        network.upgrade(
                stream,
                new Circuit(
                        connect.source(), Connection.Direction.INBOUND, through, connect.limit()));
    }

    private static void reply(Stream stream, RelayStatus status) throws IOException {
        stream.writeMessage(RelayCodec.toBytes(new StopMessage.Status(status)));
    }
}
