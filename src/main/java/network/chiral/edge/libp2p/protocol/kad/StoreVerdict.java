// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

/// What a store did with what it was given.
sealed interface StoreVerdict {
    /// It is kept.
    record Kept(boolean fresh) implements StoreVerdict {}

    /// It says nothing that is not known better, or is over already; the sender is answered all the same.
    record Ignored() implements StoreVerdict {}

    /// It is not kept.
    record Refused(KadRefusal why) implements StoreVerdict {}
}
