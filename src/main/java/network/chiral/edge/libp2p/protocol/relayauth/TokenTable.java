// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relayauth;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import network.chiral.edge.libp2p.identity.PeerId;

/// The tokens that are good, and which peers have shown one of them.
///
/// Tokens are held as their SHA-256 only. A token that is shown is compared with all of them in a time
/// that tells nothing of which is how near. Every method is synchronized and calls nothing foreign while
/// it holds the lock.
final class TokenTable {
    private List<byte[]> good = List.of();
    private final Map<PeerId, byte[]> shown = new HashMap<>();

    /// Takes the place of all tokens before; whoever has shown one that is gone has shown none.
    synchronized void replace(Collection<byte[]> tokens) {
        good = tokens.stream().map(TokenTable::sha256).toList();
        shown.values().removeIf(digest -> !isGood(digest));
    }

    /// Remembers that `peer` has shown a good token; false where it is none.
    synchronized boolean show(PeerId peer, byte[] token) {
        var digest = sha256(token);
        if (!isGood(digest)) {
            return false;
        }
        shown.put(peer, digest);
        return true;
    }

    synchronized boolean hasShown(PeerId peer) {
        return shown.containsKey(peer);
    }

    synchronized void forget(PeerId peer) {
        shown.remove(peer);
    }

    /// Peers that have shown a token.
    synchronized int size() {
        return shown.size();
    }

    private boolean isGood(byte[] digest) {
        boolean found = false;
        for (var one : good) {
            found |= MessageDigest.isEqual(one, digest);
        }
        return found;
    }

    private static byte[] sha256(byte[] token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
