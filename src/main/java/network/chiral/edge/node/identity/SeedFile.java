// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.identity;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import network.chiral.edge.libp2p.crypto.CryptoProvider;
import network.chiral.edge.libp2p.crypto.Hkdf;
import network.chiral.edge.libp2p.identity.Identity;
import network.chiral.edge.node.BadConfiguration;

/// The key of one node of a set, derived from a seed that all of them mount and from its ordinal.
///
/// The key is on no volume: a node that lost its volume has the same peer id again, and so has one that
/// was scaled away and comes back. The derivation is HKDF-SHA-256 without salt, its info the text
/// `chiral-edge/identity/v1/<context>/<ordinal>`; the 32 bytes are the Ed25519 seed.
public final class SeedFile {
    private static final String KEY = "chiral.identity.seed-file";
    private static final String PURPOSE = "chiral-edge/identity/v1/";
    private static final int SEED_LENGTH = 32;
    private static final int MAX_LENGTH = 256; // base64 with line ends has 46

    /// 32 random bytes have at least that many different ones, but for one in 10^16.
    private static final int LEAST_DIFFERENT = 16;

    private static final Set<PosixFilePermission> OTHERS =
            Set.of(
                    PosixFilePermission.OTHERS_READ,
                    PosixFilePermission.OTHERS_WRITE,
                    PosixFilePermission.OTHERS_EXECUTE);

    private static final String ALLOWED =
            "a file with 32 random bytes, as they are, in hex or in base64 (openssl rand -hex 32)";

    private SeedFile() {}

    /// Derives this node's key.
    ///
    /// @param keyFile where a key would be without a seed; one that lies there has to be the same
    /// @throws BadConfiguration where the file cannot be read, holds no seed, is for everybody to read, or
    ///     where a volume has another key
    public static Identity load(SeedSettings settings, Path keyFile, CryptoProvider crypto) {
        var seed = read(settings.file());
        var derived = Identity.ofSeed(crypto, derive(seed, settings.context(), settings.ordinal()));
        if (Files.exists(keyFile, LinkOption.NOFOLLOW_LINKS)) {
            var kept = KeyFile.loadOrCreate(keyFile, crypto);
            if (!kept.peerId().equals(derived.peerId())) {
                throw new BadConfiguration(
                        ("The key file %s is of peer %s, but %s gives peer %s for ordinal %d of '%s':"
                                        + " move the file away to take the seed's identity, or leave"
                                        + " out the seed to keep the file's.")
                                .formatted(
                                        keyFile,
                                        kept.peerId(),
                                        KEY,
                                        derived.peerId(),
                                        settings.ordinal(),
                                        settings.context()));
            }
        }
        return derived;
    }

    static byte[] derive(byte[] seed, String context, int ordinal) {
        var info = (PURPOSE + context + "/" + ordinal).getBytes(StandardCharsets.US_ASCII);
        return Hkdf.derive(seed, new byte[0], info, SEED_LENGTH);
    }

    private static byte[] read(Path file) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MAX_LENGTH) {
                throw new BadConfiguration(KEY, file.toString(), ALLOWED);
            }
            if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
                throw new BadConfiguration(
                        KEY,
                        file.toString(),
                        "a file that not everybody may read (mode 0400 or 0440; in a volume of a Secret"
                                + " defaultMode: 0440)");
            }
            var seed =
                    seedOf(Files.readAllBytes(file))
                            .orElseThrow(() -> new BadConfiguration(KEY, file.toString(), ALLOWED));
            if (isGuessable(seed)) {
                throw new BadConfiguration(
                        KEY, file.toString(), "random; the bytes in it are too much alike");
            }
            return seed;
        } catch (IOException e) {
            throw new BadConfiguration(
                    KEY, file.toString(), "a file that can be read (" + KeyFile.reason(e) + ")");
        }
    }

    /// Empty where the file holds anything but 32 bytes. Text of 32 characters is a password, or half of a
    /// seed in hex; random bytes are text once in 10^13 times.
    private static Optional<byte[]> seedOf(byte[] content) {
        if (content.length == SEED_LENGTH && !isText(content)) {
            return Optional.of(content);
        }
        var text = new String(content, StandardCharsets.ISO_8859_1).strip();
        try {
            if (text.length() == 2 * SEED_LENGTH) {
                return Optional.of(HexFormat.of().parseHex(text));
            }
            var plain = text.replace('-', '+').replace('_', '/');
            return Optional.of(Base64.getDecoder().decode(plain))
                    .filter(bytes -> bytes.length == SEED_LENGTH);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean isText(byte[] content) {
        for (var each : content) {
            boolean printable = each >= ' ' && each < 0x7f;
            if (!printable && each != '\n' && each != '\r' && each != '\t') {
                return false;
            }
        }
        return true;
    }

    private static boolean isGuessable(byte[] seed) {
        var sorted = seed.clone();
        Arrays.sort(sorted);
        int different = 1;
        for (int i = 1; i < sorted.length; i++) {
            different += sorted[i] == sorted[i - 1] ? 0 : 1;
        }
        return different < LEAST_DIFFERENT;
    }
}
