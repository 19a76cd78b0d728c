// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.multiformats;

import java.io.ByteArrayOutputStream;
import java.util.Base64;

/// Bytes as text in the bases that peer ids and multiaddrs use (multiformats/multibase).
public final class Multibase {
    /// In the bases whose cost is quadratic; a peer id has 59 letters at most.
    private static final int MAX_NUMBER = 1024;

    /// In the others: what the longest part of a multiaddr has, in hexadecimal.
    private static final int MAX_TEXT = 2 * Multiaddr.MAX_LENGTH;

    /// Digits that are split off a number at once.
    private static final int DIGITS = 5;

    /// Bits that a digit holds at most.
    private static final int MAX_BITS = 6;

    private static final long WORD = 0xFFFF_FFFFL;

    private static final String BASE58 =
            "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private static final String BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

    private Multibase() {}

    /// Spells bytes in base58btc without a multibase prefix, the usual form of a peer id.
    public static String toBase58(byte[] bytes) {
        return toBase(bytes, BASE58);
    }

    /// Reads base58btc without a multibase prefix.
    ///
    /// @throws IllegalArgumentException for a letter outside the alphabet, or an over-long text
    public static byte[] fromBase58(String text) {
        return fromBase(text, BASE58);
    }

    /// Reads a text that begins with its multibase prefix: base58btc `z`, base36 `k`, base32 `b`,
    /// base64url `u` or base16 `f`.
    ///
    /// @throws IllegalArgumentException for another prefix, or a letter outside the alphabet
    public static byte[] decode(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("an empty text has no multibase prefix");
        }
        var body = text.substring(1);
        return switch (text.charAt(0)) {
            case 'z' -> fromBase(body, BASE58);
            case 'k', 'K' -> fromBase(body.toLowerCase(java.util.Locale.ROOT), BASE36);
            case 'b', 'B' -> fromBase32(body.toLowerCase(java.util.Locale.ROOT));
            case 'u' -> Base64.getUrlDecoder().decode(checkedLength(body, MAX_TEXT));
            case 'f', 'F' -> java.util.HexFormat.of().parseHex(checkedLength(body, MAX_TEXT));
            default ->
                    throw new IllegalArgumentException(
                            "unknown multibase prefix '" + text.charAt(0) + "'");
        };
    }

    /// Spells bytes in base64url with the multibase prefix `u`, as `/certhash` does.
    public static String toBase64Url(byte[] bytes) {
        return "u" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String checkedLength(String text, int max) {
        if (text.length() > max) {
            throw new IllegalArgumentException("a text of more than " + max + " letters");
        }
        return text;
    }

    /// Splits off five digits at a time from the number in 32-bit words.
    private static String toBase(byte[] bytes, String alphabet) {
        int base = alphabet.length();
        long chunk = (long) base * base * base * base * base; // less than 2^31
        var words = words(bytes);
        // a digit holds five bits at least
        var text = new char[bytes.length * Byte.SIZE / 5 + 2 * DIGITS];
        int at = text.length;
        int first = firstNotZero(words, 0);
        while (first < words.length) {
            long rest = 0;
            for (int i = first; i < words.length; i++) {
                long value = rest << Integer.SIZE | words[i] & WORD;
                words[i] = (int) (value / chunk);
                rest = value % chunk;
            }
            for (int i = 0; i < DIGITS; i++) {
                text[--at] = alphabet.charAt((int) (rest % base));
                rest /= base;
            }
            first = firstNotZero(words, first);
        }
        char zero = alphabet.charAt(0);
        while (at < text.length && text[at] == zero) {
            at++;
        }
        for (int i = 0; i < bytes.length && bytes[i] == 0; i++) {
            text[--at] = zero;
        }
        return new String(text, at, text.length - at);
    }

    /// The number that the bytes are, in 32-bit words, the highest first.
    private static int[] words(byte[] bytes) {
        var words = new int[(bytes.length + Integer.BYTES - 1) / Integer.BYTES];
        for (int i = 0; i < bytes.length; i++) {
            int fromEnd = bytes.length - 1 - i;
            words[words.length - 1 - fromEnd / Integer.BYTES] |=
                    (bytes[i] & 0xFF) << Byte.SIZE * (fromEnd % Integer.BYTES);
        }
        return words;
    }

    private static int firstNotZero(int[] words, int from) {
        int at = from;
        while (at < words.length && words[at] == 0) {
            at++;
        }
        return at;
    }

    private static byte[] fromBase(String text, String alphabet) {
        checkedLength(text, MAX_NUMBER);
        var words = new int[text.length() * MAX_BITS / Integer.SIZE + 1]; // the lowest first
        int used = 0;
        int zeros = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = alphabet.indexOf(text.charAt(i));
            if (digit < 0) {
                throw new IllegalArgumentException("'" + text.charAt(i) + "' is no letter of it");
            }
            if (digit == 0 && used == 0) {
                zeros++;
            }
            long carry = digit;
            for (int j = 0; j < used; j++) {
                carry += (words[j] & WORD) * alphabet.length();
                words[j] = (int) carry;
                carry >>>= Integer.SIZE;
            }
            if (carry != 0) {
                words[used++] = (int) carry;
            }
        }
        return bytes(words, used, zeros);
    }

    /// The number in `words`, the lowest first, without zeros in front other than `zeros` bytes.
    private static byte[] bytes(int[] words, int used, int zeros) {
        int spare = used == 0 ? 0 : Integer.numberOfLeadingZeros(words[used - 1]) / Byte.SIZE;
        var bytes = new byte[zeros + used * Integer.BYTES - spare];
        for (int i = 0; i < bytes.length - zeros; i++) {
            bytes[bytes.length - 1 - i] =
                    (byte) (words[i / Integer.BYTES] >>> Byte.SIZE * (i % Integer.BYTES));
        }
        return bytes;
    }

    private static byte[] fromBase32(String text) {
        var end = checkedLength(text, MAX_TEXT).replaceAll("=+$", "");
        var out = new ByteArrayOutputStream();
        int bits = 0;
        int buffer = 0;
        for (int i = 0; i < end.length(); i++) {
            int digit = BASE32.indexOf(end.charAt(i));
            if (digit < 0) {
                throw new IllegalArgumentException("'" + end.charAt(i) + "' is no letter of it");
            }
            buffer = buffer << 5 | digit;
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                out.write(buffer >> bits);
                buffer &= (1 << bits) - 1;
            }
        }
        return out.toByteArray();
    }

    /// Spells bytes in lower-case base32 without padding and with the prefix `b` (CIDv1 text).
    public static String toBase32(byte[] bytes) {
        var text = new StringBuilder("b");
        int bits = 0;
        int buffer = 0;
        for (byte b : bytes) {
            buffer = buffer << 8 | b & 0xFF;
            bits += 8;
            while (bits >= 5) {
                bits -= 5;
                text.append(BASE32.charAt(buffer >> bits & 31));
            }
            buffer &= (1 << bits) - 1;
        }
        if (bits > 0) {
            text.append(BASE32.charAt(buffer << 5 - bits & 31));
        }
        return text.toString();
    }
}
