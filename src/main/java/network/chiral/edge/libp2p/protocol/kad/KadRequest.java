// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import java.util.List;

/// What one peer asks of another. Keys are any bytes, seldom a peer id.
sealed interface KadRequest {
    /// rust-libp2p's limit of a packet, which is that of Chiral's clients.
    int MAX_LENGTH = 16 * 1024;

    /// Which peers are nearest to the key?
    record FindNode(byte[] key) implements KadRequest {}

    /// Which value has the key, and which peers are nearest to it?
    record GetValue(byte[] key) implements KadRequest {}

    /// Keep this.
    record PutValue(KadRecord record) implements KadRequest {}

    /// Who provides the key, and which peers are nearest to it?
    record GetProviders(byte[] key) implements KadRequest {}

    /// I provide the key. Has no answer.
    record AddProvider(byte[] key, List<KadPeer> providers) implements KadRequest {}

    /// Are you there?
    record Ping() implements KadRequest {}

    default KadType type() {
        return switch (this) {
            case FindNode _ -> KadType.FIND_NODE;
            case GetValue _ -> KadType.GET_VALUE;
            case PutValue _ -> KadType.PUT_VALUE;
            case GetProviders _ -> KadType.GET_PROVIDERS;
            case AddProvider _ -> KadType.ADD_PROVIDER;
            case Ping _ -> KadType.PING;
        };
    }
}
