// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import java.util.Optional;

/// Tells peer ids and addresses that can be dialled from those that cannot, by their shape alone.
///
/// What a multiaddr means is known to whoever dials it. Here it only matters that nothing broken,
/// misdirected or unbounded is kept, and that every address names its peer: Chiral's client refuses
/// to dial one that does not.
final class PeerAddresses {
    /// Our own limits: a base58 id has 52 characters, an address with two certificate hashes about 300.
    static final int MAX_ID_LENGTH = 128;

    static final int MAX_ADDRESS_LENGTH = 512;

    private PeerAddresses() {}

    static boolean isPeerId(String id) {
        if (id.isEmpty() || id.length() > MAX_ID_LENGTH) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            if (!isIdCharacter(id.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /// The address with `/p2p/<id>` at its end, or nothing if it is broken or names somebody else.
    static Optional<String> naming(String peerId, String address) {
        if (!looksLikeMultiaddr(address)) {
            return Optional.empty();
        }
        int last = address.lastIndexOf('/');
        int before = address.lastIndexOf('/', last - 1);
        var protocol = before < 0 ? "" : address.substring(before + 1, last);
        // ipfs is the name that p2p had before 2019, and still turns up
        if (!protocol.equals("p2p") && !protocol.equals("ipfs")) {
            return Optional.of(address + "/p2p/" + peerId);
        }
        if (!address.substring(last + 1).equals(peerId)) {
            return Optional.empty();
        }
        return Optional.of(address.substring(0, before) + "/p2p/" + peerId);
    }

    private static boolean looksLikeMultiaddr(String address) {
        return address.length() <= MAX_ADDRESS_LENGTH
                && address.startsWith("/")
                && address.indexOf('/', 1) > 0
                && !address.endsWith("/")
                && !address.contains("//")
                && address.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    private static boolean isIdCharacter(int c) {
        return (c >= '0' && c <= '9')
                || (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || c == '-'
                || c == '_';
    }
}
