// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import network.chiral.edge.node.reload.BadFile;
import network.chiral.edge.node.reload.FileReader.Line;

/// The tokens that are good, as digests: comparing takes as long whatever is shown, and no dump of the
/// memory tells a token that is no longer in use.
final class AdminTokens {
    static final AdminTokens NONE = new AdminTokens(List.of());

    /// Shorter ones can be guessed; 32 hexadecimal digits are 128 bits.
    static final int MIN_LENGTH = 32;

    static final int MAX_LENGTH = 512;

    /// As many as a rotation needs.
    static final int MAX_TOKENS = 16;

    private final List<byte[]> digests;

    private AdminTokens(List<byte[]> digests) {
        this.digests = digests;
    }

    /// Reads them from a file's lines.
    static AdminTokens of(List<Line> lines) throws BadFile {
        var digests = new ArrayList<byte[]>();
        for (var line : lines) {
            var token = line.text();
            if (token.length() < MIN_LENGTH || token.length() > MAX_LENGTH || !isPlain(token)) {
                throw new BadFile(
                        "line %d: a token has %d to %d characters of ASCII without spaces"
                                .formatted(line.number(), MIN_LENGTH, MAX_LENGTH));
            }
            digests.add(digest(token));
        }
        if (digests.isEmpty()) {
            throw new BadFile("there is no token in it");
        }
        if (digests.size() > MAX_TOKENS) {
            throw new BadFile("there are more than " + MAX_TOKENS + " tokens in it");
        }
        return new AdminTokens(digests);
    }

    private static boolean isPlain(String token) {
        return token.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    boolean isEmpty() {
        return digests.isEmpty();
    }

    /// Compares with all of them, whichever it is.
    boolean holds(String token) {
        var shown = digest(token);
        boolean found = false;
        for (var good : digests) {
            found |= MessageDigest.isEqual(good, shown);
        }
        return found;
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
