// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import network.chiral.edge.libp2p.identity.PeerId;

/// A place in the key space: the SHA-256 of a key's bytes, or the distance between two such places.
///
/// As a map's key it stands for the bytes: whoever wants two keys in one bin has to search for them, and
/// the order keeps even that bin quick.
final class KadKey implements Comparable<KadKey> {
    /// Bits of a place.
    static final int BITS = 256;

    private final long first;
    private final long second;
    private final long third;
    private final long fourth;

    private KadKey(long first, long second, long third, long fourth) {
        this.first = first;
        this.second = second;
        this.third = third;
        this.fourth = fourth;
    }

    static KadKey of(byte[] bytes) {
        try {
            var hash = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes));
            return new KadKey(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    static KadKey of(PeerId peer) {
        return of(peer.bytes());
    }

    /// How far it is to `other`, by XOR.
    KadKey distance(KadKey other) {
        return new KadKey(
                first ^ other.first,
                second ^ other.second,
                third ^ other.third,
                fourth ^ other.fourth);
    }

    /// How many leading bits are the same, 256 where all are.
    int commonPrefix(KadKey other) {
        return distance(other).leadingZeros();
    }

    private int leadingZeros() {
        if (first != 0) {
            return Long.numberOfLeadingZeros(first);
        }
        if (second != 0) {
            return 64 + Long.numberOfLeadingZeros(second);
        }
        return third != 0
                ? 128 + Long.numberOfLeadingZeros(third)
                : 192 + Long.numberOfLeadingZeros(fourth);
    }

    /// The bit at `index`, counted from the most significant one.
    boolean bit(int index) {
        long word =
                switch (index >>> 6) {
                    case 0 -> first;
                    case 1 -> second;
                    case 2 -> third;
                    default -> fourth;
                };
        return (word >>> (63 - (index & 63)) & 1) != 0;
    }

    /// Whether `a` or `b` is nearer to this: negative, zero or positive.
    int compareNearness(KadKey a, KadKey b) {
        int order = Long.compareUnsigned(first ^ a.first, first ^ b.first);
        if (order == 0) {
            order = Long.compareUnsigned(second ^ a.second, second ^ b.second);
        }
        if (order == 0) {
            order = Long.compareUnsigned(third ^ a.third, third ^ b.third);
        }
        return order != 0 ? order : Long.compareUnsigned(fourth ^ a.fourth, fourth ^ b.fourth);
    }

    @Override
    public int compareTo(KadKey other) {
        int order = Long.compareUnsigned(first, other.first);
        if (order == 0) {
            order = Long.compareUnsigned(second, other.second);
        }
        if (order == 0) {
            order = Long.compareUnsigned(third, other.third);
        }
        return order != 0 ? order : Long.compareUnsigned(fourth, other.fourth);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KadKey key && compareTo(key) == 0;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(first ^ fourth);
    }

    @Override
    public String toString() {
        return "%016x%016x%016x%016x".formatted(first, second, third, fourth);
    }
}
