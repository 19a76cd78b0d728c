// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.negotiation;

import io.netty.buffer.ByteBuf;
import java.util.function.Predicate;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import org.jspecify.annotations.Nullable;

/// The listener's side: answers each proposal with itself or with `na`.
public final class ListenerNegotiation {
    /// Proposals answered before the other side is given up; real peers propose a handful.
    private static final int MAX_PROPOSALS = 64;

    private final Predicate<String> served;
    private boolean headerSeen;
    private int proposals;

    /// @param served tells which protocols are spoken here
    public ListenerNegotiation(Predicate<String> served) {
        this.served = served;
    }

    /// Takes lines from `in` and appends the answers to `out`.
    ///
    /// @return the agreed protocol, with `in` at the first byte behind its proposal; null where more
    ///     bytes are needed
    /// @throws MalformedMessage where the other side does not speak multistream-select, or proposes on
    ///     and on
    public @Nullable String onBytes(ByteBuf in, ByteBuf out) throws MalformedMessage {
        while (true) {
            var line = MultistreamLine.read(in);
            if (line == null) {
                return null;
            }
            if (!headerSeen) {
                if (!line.equals(MultistreamLine.HEADER)) {
                    throw new MalformedMessage("the other side does not speak multistream 1.0.0");
                }
                headerSeen = true;
                MultistreamLine.write(MultistreamLine.HEADER, out);
            } else if (served.test(line)) {
                MultistreamLine.write(line, out);
                return line;
            } else if (++proposals >= MAX_PROPOSALS) {
                throw new MalformedMessage("more than " + MAX_PROPOSALS + " proposals");
            } else {
                MultistreamLine.write(MultistreamLine.NOT_AVAILABLE, out);
            }
        }
    }
}
