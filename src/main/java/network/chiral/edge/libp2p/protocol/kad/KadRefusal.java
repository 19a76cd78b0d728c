// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import java.util.Locale;

/// Why a request was not served. Kademlia has no error messages: the stream is reset, or for
/// ADD_PROVIDER nothing is said at all.
public enum KadRefusal {
    /// The bytes are no request.
    MALFORMED,
    /// Longer than 16 KiB.
    OVERSIZED,
    /// This node is no server now.
    NOT_SERVING,
    /// A key of no bytes.
    EMPTY_KEY,
    /// A key to be kept that is too long.
    KEY_TOO_LONG,
    /// This node keeps nothing.
    ROUTER_ONLY,
    /// A value that its key's namespace forbids, or of a namespace whose values have to be proved and
    /// for which this node has no proof.
    INVALID_VALUE,
    /// The answer to a GET_VALUE would not fit a packet.
    VALUE_TOO_LARGE,
    RECORDS_FULL,
    RECORD_BYTES_FULL,
    RECORDS_PER_PEER,
    RECORD_BYTES_PER_PEER,
    /// The peers of the sender's address have put what four peers may.
    RECORDS_PER_ADDRESS,
    RECORD_BYTES_PER_ADDRESS,
    /// Nobody of those named as providers is the sender.
    NOT_THE_PROVIDER,
    PROVIDERS_FULL,
    PROVIDERS_PER_PEER,
    /// There are twenty providers that are nearer to the key.
    PROVIDERS_PER_KEY;

    /// As a metric's label.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
