// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.host;

import java.util.Optional;
import network.chiral.edge.libp2p.protocol.relay.Refusal;
import network.chiral.edge.libp2p.protocol.relay.RelayGate;
import network.chiral.edge.libp2p.protocol.relayauth.RelayAuthService;
import network.chiral.edge.libp2p.swarm.AccessLists;
import network.chiral.edge.libp2p.swarm.AccessLists.Use;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.ServedProtocol;
import network.chiral.edge.libp2p.swarm.Swarm;

/// Who may use the relay: the access lists, and the tokens that were shown.
final class AccessControl implements RelayGate {
    private final TokenGate mode;
    private final RelayAuthService tokens;
    private volatile AccessLists lists = AccessLists.OPEN;

    AccessControl(TokenGate mode, RelayAuthService tokens) {
        this.mode = mode;
        this.tokens = tokens;
    }

    /// Serves the token gate where there is one.
    void start(Swarm swarm) {
        if (mode != TokenGate.OFF) {
            swarm.addListener(tokens);
            swarm.serve(
                    new ServedProtocol(
                            RelayAuthService.PROTOCOL,
                            tokens::onStream,
                            RelayAuthService.REQUESTS_PER_CONNECTION,
                            RelayAuthService.PATIENCE));
        }
    }

    void lists(AccessLists next) {
        lists = next;
    }

    @Override
    public Optional<Refusal> toReserve(Connection connection) {
        return rule(Use.RESERVE, connection, Refusal.DENIED)
                .or(() -> token(connection, mode != TokenGate.OFF));
    }

    @Override
    public Optional<Refusal> toConnect(Connection connection) {
        return rule(Use.SOURCE, connection, Refusal.DENIED)
                .or(() -> token(connection, mode == TokenGate.RESERVE_AND_CONNECT));
    }

    @Override
    public Optional<Refusal> toBeReached(Connection connection) {
        return rule(Use.DESTINATION, connection, Refusal.DESTINATION_DENIED);
    }

    private Optional<Refusal> rule(Use use, Connection connection, Refusal why) {
        var from = connection.remoteSocket().getAddress();
        return lists.permits(use, connection.remotePeer(), from)
                ? Optional.empty()
                : Optional.of(why);
    }

    private Optional<Refusal> token(Connection connection, boolean asked) {
        return !asked || tokens.isAuthorised(connection.remotePeer())
                ? Optional.empty()
                : Optional.of(Refusal.NOT_AUTHORISED);
    }
}
