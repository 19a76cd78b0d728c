// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.multiformats;

import java.util.Arrays;

/// The text forms of a peer id: base58btc multihash, or CIDv1 with the codec libp2p-key
/// (peer-ids/peer-ids.md, "String representation").
public final class PeerText {
    private static final int IDENTITY = 0x00;
    private static final int SHA2_256 = 0x12;
    private static final int CID_VERSION_1 = 0x01;
    private static final int LIBP2P_KEY = 0x72;

    /// Keys up to this many serialized bytes are put into the id whole (peer-ids.md).
    public static final int MAX_INLINE_KEY = 42;

    private PeerText() {}

    /// Reads either text form and returns the multihash.
    ///
    /// @throws IllegalArgumentException with a sentence that names the fault
    public static byte[] parse(String text) {
        if (text.length() > 128) {
            throw new IllegalArgumentException("a peer id of " + text.length() + " letters");
        }
        byte[] multihash;
        try {
            multihash =
                    text.startsWith("1") || text.startsWith("Qm")
                            ? Multibase.fromBase58(text)
                            : fromCid(Multibase.decode(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'" + Multiaddr.abbreviated(text) + "' is no peer id: " + e.getMessage(), e);
        }
        check(multihash);
        return multihash;
    }

    private static byte[] fromCid(byte[] cid) {
        if (cid.length < 4 || cid[0] != CID_VERSION_1 || cid[1] != LIBP2P_KEY) {
            throw new IllegalArgumentException("it is no CIDv1 of the codec libp2p-key");
        }
        return Arrays.copyOfRange(cid, 2, cid.length);
    }

    /// Spells a multihash as CIDv1 text in base32.
    public static String toCid(byte[] multihash) {
        var cid = new byte[multihash.length + 2];
        cid[0] = CID_VERSION_1;
        cid[1] = LIBP2P_KEY;
        System.arraycopy(multihash, 0, cid, 2, multihash.length);
        return Multibase.toBase32(cid);
    }

    /// Checks that `multihash` has one of the two forms that peer ids have.
    ///
    /// @throws IllegalArgumentException otherwise
    public static void check(byte[] multihash) {
        if (!isMultihash(multihash)) {
            throw new IllegalArgumentException("a peer id is an identity or sha2-256 multihash");
        }
    }

    /// True where `multihash` has one of the two forms that peer ids have.
    public static boolean isMultihash(byte[] multihash) {
        boolean inline =
                multihash.length >= 3
                        && multihash[0] == IDENTITY
                        && multihash[1] == multihash.length - 2
                        && multihash[1] <= MAX_INLINE_KEY;
        boolean hashed = multihash.length == 34 && multihash[0] == SHA2_256 && multihash[1] == 32;
        return inline || hashed;
    }
}
