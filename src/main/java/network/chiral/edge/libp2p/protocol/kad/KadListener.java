// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import java.time.Duration;
import network.chiral.edge.libp2p.identity.PeerId;

/// Told what a DHT does; answer at once.
public interface KadListener {
    /// What a query was for.
    enum Query {
        FIND_CLOSEST,
        FIND_PEER,
        GET_VALUE,
        PUT_VALUE,
        FIND_PROVIDERS,
        PROVIDE
    }

    /// How a query ended.
    enum Outcome {
        /// With what was asked for.
        FOUND,
        /// Everybody was asked, and nobody knew.
        NOT_FOUND,
        /// Its time was over.
        TIMEOUT,
        /// Too many others were under way all the time that it waited for its turn.
        REFUSED
    }

    /// `peer` asked something, in `bytes`.
    default void onRequest(PeerId peer, KadType type, int bytes) {}

    /// A request was served, or for what has no answer taken.
    default void onServed(PeerId peer, KadType type, Duration took) {}

    /// A request was not served.
    default void onRefused(PeerId peer, KadRefusal why) {}

    /// Records or providers went one way or the other between this node and `peer`.
    default void onExchange(PeerId peer, long payloadBytes) {}

    /// This node asked `peer`, and it answered.
    default void onAnswered(PeerId peer, KadType type, Duration took) {}

    /// This node asked `peer` in vain.
    default void onUnanswered(PeerId peer, KadType type) {}

    /// A query of this node is over.
    default void onQuery(Query query, Outcome outcome, Duration took, int asked) {}
}
