// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.autonat;

import java.util.List;
import java.util.Optional;
import network.chiral.edge.libp2p.multiformats.Multiaddr;

/// What crosses a dial-request stream (autonat-v2.md, RPC Messages).
sealed interface AutoNatV2Message {
    /// go-libp2p's maxMsgSize; rust-libp2p takes 4104 bytes, so nothing longer is sent.
    int MAX_LENGTH = 8192;

    /// What rust-libp2p takes.
    int MAX_SENT = 4104;

    /// The most bytes in one [DialDataResponse].
    int MAX_CHUNK = 4096;

    /// The client wants to be dialled.
    ///
    /// @param addresses best first; empty in the place of one that cannot be read, so that the indices
    ///     of the others hold
    /// @param nonce to be brought back
    record DialRequest(List<Optional<Multiaddr>> addresses, long nonce)
            implements AutoNatV2Message {
        public DialRequest {
            addresses = List.copyOf(addresses);
        }
    }

    /// The server's last word.
    ///
    /// @param index of the address that was dialled; means nothing unless `status` is OK
    record DialResponse(AutoNatV2Status status, int index, DialStatus dialStatus)
            implements AutoNatV2Message {
        static DialResponse without(AutoNatV2Status status) {
            return new DialResponse(status, 0, DialStatus.UNUSED);
        }
    }

    /// The server wants bytes before it dials another IP than the client's.
    ///
    /// @param bytes how many; unsigned 64 bit, so a negative number is a very large one
    record DialDataRequest(int index, long bytes) implements AutoNatV2Message {}

    /// Some of the bytes.
    ///
    /// @param length how many; what they are means nothing
    record DialDataResponse(int length) implements AutoNatV2Message {}
}
