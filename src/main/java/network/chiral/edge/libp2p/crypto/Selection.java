// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

import java.util.List;

/// The provider that was chosen, and why better ones were not.
///
/// @param rejected best candidate first; empty when the best one was taken
public record Selection(CryptoProvider provider, List<Rejection> rejected) {
    public Selection {
        rejected = List.copyOf(rejected);
    }

    /// A candidate that did not stand the self-test, or could not even begin it.
    public record Rejection(String candidate, String reason) {}
}
