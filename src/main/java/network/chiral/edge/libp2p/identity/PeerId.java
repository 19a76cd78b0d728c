// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.identity;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import network.chiral.edge.libp2p.multiformats.Multibase;
import network.chiral.edge.libp2p.multiformats.PeerText;
import org.jspecify.annotations.Nullable;

/// The multihash of a peer's public key (peer-ids/peer-ids.md).
public final class PeerId {
    private final byte[] multihash;
    private @Nullable String text; // made when first asked for; the same whoever makes it

    private PeerId(byte[] multihash) {
        this.multihash = multihash;
    }

    /// Takes a multihash from the wire.
    ///
    /// @throws IllegalArgumentException for anything but an identity or sha2-256 multihash
    public static PeerId ofBytes(byte[] multihash) {
        PeerText.check(multihash);
        return new PeerId(multihash.clone());
    }

    /// Reads base58 (`12D3Koo...`, `Qm...`) or CIDv1 (`bafz...`, `k51...`) text.
    ///
    /// @throws IllegalArgumentException with a sentence that names the fault
    public static PeerId parse(String text) {
        return new PeerId(PeerText.parse(text));
    }

    /// The id of a key: the key itself up to 42 serialized bytes, else its SHA-256.
    public static PeerId of(PublicKey key) {
        var serialized = key.serialized();
        byte[] multihash;
        if (serialized.length <= PeerText.MAX_INLINE_KEY) {
            multihash = new byte[serialized.length + 2];
            multihash[1] = (byte) serialized.length;
            System.arraycopy(serialized, 0, multihash, 2, serialized.length);
        } else {
            multihash = new byte[34];
            multihash[0] = 0x12;
            multihash[1] = 32;
            System.arraycopy(sha256(serialized), 0, multihash, 2, 32);
        }
        return new PeerId(multihash);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// The multihash; a copy.
    public byte[] bytes() {
        return multihash.clone();
    }

    /// The id as CIDv1 text in base32.
    public String toCid() {
        return PeerText.toCid(multihash);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PeerId id && Arrays.equals(multihash, id.multihash);
    }

    @Override
    public int hashCode() {
        // the last bytes are key or hash, the first are the same for all
        int at = multihash.length - 4;
        return at < 0
                ? Arrays.hashCode(multihash)
                : (multihash[at] & 0xFF) << 24
                        | (multihash[at + 1] & 0xFF) << 16
                        | (multihash[at + 2] & 0xFF) << 8
                        | multihash[at + 3] & 0xFF;
    }

    /// The base58 text, as everybody writes it.
    @Override
    public String toString() {
        var known = text;
        if (known == null) {
            known = Multibase.toBase58(multihash);
            text = known;
        }
        return known;
    }
}
