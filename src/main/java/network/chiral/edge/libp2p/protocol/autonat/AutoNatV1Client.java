// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.autonat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatV1Message.Dial;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatV1Message.DialResponse;
import network.chiral.edge.libp2p.protocol.autonat.ProbeOutcome.Failed;
import network.chiral.edge.libp2p.protocol.autonat.ProbeOutcome.Reached;
import network.chiral.edge.libp2p.protocol.autonat.ProbeOutcome.Refused;
import network.chiral.edge.libp2p.protocol.autonat.ProbeOutcome.Unreached;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.ProtocolViolation;

/// Asks a server to dial this node, and has to believe its answer (autonat-v1.md): for servers that do
/// not speak version 2.
public final class AutoNatV1Client {
    /// For a question (go-libp2p's and rust-libp2p's request timeout).
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final PeerId self;

    public AutoNatV1Client(PeerId self) {
        this.self = self;
    }

    /// Asks the other side of `server` for one of `addresses`, best first.
    ///
    /// @param received told of the status of an answer
    public ProbeOutcome probe(
            Connection server, List<Multiaddr> addresses, Consumer<AutoNatV1Status> received) {
        try {
            var stream = server.open(AutoNatV1Server.PROTOCOL);
            try {
                stream.deadline(PATIENCE);
                stream.writeMessage(request(addresses));
                stream.closeWrite();
                var answer = AutoNatV1Codec.parse(stream.readMessage(AutoNatV1Message.MAX_LENGTH));
                if (answer instanceof DialResponse response) {
                    received.accept(response.status());
                    return outcome(response);
                }
                throw new ProtocolViolation("a server answers with a response");
            } catch (IOException e) {
                stream.reset();
                throw e;
            }
        } catch (IOException e) {
            return new Failed(String.valueOf(e.getMessage()));
        }
    }

    /// As many addresses as fit into the message that the smallest server takes.
    private byte[] request(List<Multiaddr> addresses) {
        for (int count = addresses.size(); ; count--) {
            var bytes = AutoNatV1Codec.toBytes(new Dial(self, addresses.subList(0, count)));
            if (bytes.length <= AutoNatV1Message.MAX_SENT || count == 0) {
                return bytes;
            }
        }
    }

    private static ProbeOutcome outcome(DialResponse response) {
        return switch (response.status()) {
            case OK -> new Reached(response.address().flatMap(Multiaddr::withoutPeer));
            case E_DIAL_ERROR -> new Unreached(Optional.empty());
            case E_DIAL_REFUSED -> new Refused();
            case E_BAD_REQUEST, E_INTERNAL_ERROR ->
                    new Failed("the server answers " + response.status() + " " + response.text());
        };
    }
}
