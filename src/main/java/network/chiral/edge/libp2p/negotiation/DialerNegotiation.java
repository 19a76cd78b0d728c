// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.negotiation;

import io.netty.buffer.ByteBuf;
import network.chiral.edge.libp2p.wire.MalformedMessage;

/// The dialer's side, lazy: header and proposal leave at once, and payload may follow right behind.
public final class DialerNegotiation {
    /// How far an answer has come.
    public enum Answer {
        /// More bytes are needed.
        PENDING,
        /// The protocol is agreed on; what follows in the buffer is payload.
        AGREED,
        /// The other side does not speak the protocol.
        REFUSED
    }

    private final String protocol;
    private boolean headerSeen;

    public DialerNegotiation(String protocol) {
        this.protocol = protocol;
    }

    /// Appends header and proposal to `out`.
    public void propose(ByteBuf out) {
        MultistreamLine.write(MultistreamLine.HEADER, out);
        MultistreamLine.write(protocol, out);
    }

    /// Takes the other side's lines from `in`.
    ///
    /// @throws MalformedMessage where they are neither the proposal nor `na`
    public Answer onBytes(ByteBuf in) throws MalformedMessage {
        while (true) {
            var line = MultistreamLine.read(in);
            if (line == null) {
                return Answer.PENDING;
            }
            if (!headerSeen && line.equals(MultistreamLine.HEADER)) {
                headerSeen = true;
            } else if (headerSeen && line.equals(protocol)) {
                return Answer.AGREED;
            } else if (headerSeen && line.equals(MultistreamLine.NOT_AVAILABLE)) {
                return Answer.REFUSED;
            } else {
                throw new MalformedMessage("an answer that was not proposed");
            }
        }
    }
}
