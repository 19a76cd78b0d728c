// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/// Lets a provider compute what is known, before a node trusts it with what is not.
final class SelfTest {
    /// RFC 8439, appendix A.5: the vector whose nonce begins with four zeros, as those of Noise do.
    private static final byte[] KEY =
            hex("1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0");

    private static final long NONCE = 0x0807060504030201L;
    private static final byte[] ASSOCIATED_DATA = hex("f33388860000000000004e91");
    private static final byte[] PLAIN =
            ("Internet-Drafts are draft documents valid for a maximum of six months and may be"
                            + " updated, replaced, or obsoleted by other documents at any time. It is"
                            + " inappropriate to use Internet-Drafts as reference material or to cite"
                            + " them other than as /\u201cwork in progress./\u201d")
                    .getBytes(StandardCharsets.UTF_8);
    private static final byte[] SEALED =
            hex(
                    "64a0861575861af460f062c79be643bd5e805cfd345cf389f108670ac76c8cb2"
                            + "4c6cfc18755d43eea09ee94e382d26b0bdb7b73c321b0100d4f03b7f355894cf"
                            + "332f830e710b97ce98c8a84abd0b948114ad176e008d33bd60f982b1ff37c855"
                            + "9797a06ef4f0ef61c186324e2b3506383606907b6a7c02b0f9f6157b53c867e4"
                            + "b9166c767b804d46a59b5216cde7a4e99040c5a40433225ee282a1b0a06c523e"
                            + "af4534d7f83fa1155b0047718cbc546a0d072b04b3564eea1b422273f548271a"
                            + "0bb2316053fa76991955ebd63159434ecebb4e466dae5a1073a6727627097a10"
                            + "49e617d91d361094fa68f0ff77987130305beaba2eda04df997b714d6c6f2c29"
                            + "a6ad5cb4022b02709beead9d67890cbb22392336fea1851f38");

    private SelfTest() {}

    /// @throws IllegalStateException when an answer is wrong, with what it is about
    static void run(CryptoProvider provider) {
        sealsAndOpens(provider);
        agrees(provider);
        signsAndVerifies(provider);
    }

    private static void sealsAndOpens(CryptoProvider provider) {
        var out = Unpooled.directBuffer(SEALED.length, SEALED.length);
        var whole = Unpooled.directBuffer(PLAIN.length).writeBytes(PLAIN);
        try (var aead = provider.chacha20Poly1305(KEY)) {
            aead.seal(NONCE, ASSOCIATED_DATA, new ByteBuf[] {whole}, 1, out);
            check(holds(out, SEALED), "what it seals is not what RFC 8439 says");
            check(
                    aead.open(NONCE, ASSOCIATED_DATA, out, 0, SEALED.length)
                            && holds(out.writerIndex(PLAIN.length), PLAIN),
                    "it does not open what RFC 8439 seals");
            out.clear().writeBytes(SEALED).setByte(20, SEALED[20] ^ 1);
            check(
                    !aead.open(NONCE, ASSOCIATED_DATA, out, 0, SEALED.length),
                    "it opens a message that was tampered with");
            aead.seal(NONCE, ASSOCIATED_DATA, inParts(PLAIN, 1, 64, 65, 200), 5, out.clear());
            check(holds(out, SEALED), "it seals a message in parts otherwise than a whole one");
        } finally {
            out.release();
            whole.release();
        }
    }

    private static ByteBuf[] inParts(byte[] message, int... cuts) {
        var parts = new ByteBuf[cuts.length + 1];
        var from = 0;
        for (var i = 0; i <= cuts.length; i++) {
            var to = i < cuts.length ? cuts[i] : message.length;
            parts[i] = Unpooled.wrappedBuffer(message, from, to - from);
            from = to;
        }
        return parts;
    }

    private static boolean holds(ByteBuf buffer, byte[] expected) {
        return buffer.equals(Unpooled.wrappedBuffer(expected));
    }

    /// RFC 7748, section 6.1.
    private static void agrees(CryptoProvider provider) {
        var privateKey = hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
        var publicKey = hex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
        var remote = hex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
        var secret = hex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
        try (var pair = provider.x25519KeyPair(privateKey)) {
            check(
                    Arrays.equals(pair.publicKey(), publicKey)
                            && Arrays.equals(pair.agree(remote), secret),
                    "its X25519 is not that of RFC 7748");
        }
    }

    /// RFC 8032, section 7.1, test 2.
    private static void signsAndVerifies(CryptoProvider provider) {
        var seed = hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
        var publicKey = hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
        var message = hex("72");
        var signature =
                hex(
                        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
        var signer = provider.ed25519Signer(seed);
        check(
                Arrays.equals(signer.publicKey(), publicKey)
                        && Arrays.equals(signer.sign(message), signature),
                "its Ed25519 signature is not that of RFC 8032");
        check(
                provider.ed25519Verify(publicKey, message, signature),
                "it refuses the Ed25519 signature of RFC 8032");
        signature[0] ^= 1;
        check(
                !provider.ed25519Verify(publicKey, message, signature),
                "it accepts a wrong Ed25519 signature");
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static void check(boolean right, String complaint) {
        if (!right) {
            throw new IllegalStateException(complaint);
        }
    }
}
