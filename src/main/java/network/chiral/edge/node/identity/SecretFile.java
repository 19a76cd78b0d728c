// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.identity;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import network.chiral.edge.libp2p.crypto.CryptoProvider;
import network.chiral.edge.libp2p.identity.Identity;
import network.chiral.edge.node.BadConfiguration;

/// A secret text that the key is derived from, as Chiral's relay does with `--secret`.
///
/// Read from a file, because a command line and an environment are for everybody to see. Secrets that
/// everybody knows are refused: their private key is public.
public final class SecretFile {
    private static final String KEY = "chiral.identity.secret-file";
    private static final int MAX_LENGTH = 4096;

    /// What stands in examples, templates and defaults.
    private static final Set<String> PUBLIC =
            Set.of(
                    "secret",
                    "mysecret",
                    "my-secret",
                    "my_secret",
                    "changeme",
                    "change-me",
                    "change_me",
                    "changeit",
                    "default",
                    "default-secret",
                    "example",
                    "example-secret",
                    "password",
                    "placeholder",
                    "replace-me",
                    "replaceme",
                    "test",
                    "todo",
                    "chiral",
                    "chiral-network",
                    "chiral-relay",
                    "chiral-relay-server-default", // built into Chiral's relay_server
                    "chiral-network-relay",
                    "chiral-network-bootstrap",
                    "chiral-bootstrap",
                    "chiral-edge",
                    "your-secret",
                    "your-secret-here",
                    "your_secret_here");

    private SecretFile() {}

    /// Derives the key from the file's text, without line ends behind it.
    ///
    /// @throws BadConfiguration where the file cannot be read, or its text is empty or known to all
    public static Identity load(Path file, CryptoProvider crypto) {
        var secret = read(file).replaceAll("[\\r\\n]+$", "");
        var plain = secret.strip().toLowerCase(Locale.ROOT);
        if (plain.isEmpty()) {
            throw new BadConfiguration(
                    KEY, file.toString(), "a file with a secret in it; it is empty");
        }
        boolean template = plain.startsWith("<") && plain.endsWith(">") || plain.startsWith("${");
        if (template || PUBLIC.contains(plain)) {
            throw new BadConfiguration(
                    KEY,
                    file.toString(),
                    "a file with a secret of your own; the one in it is an example or a default, and"
                            + " everybody knows the private key that follows from it");
        }
        return Identity.ofSecret(crypto, secret);
    }

    private static String read(Path file) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MAX_LENGTH) {
                throw new BadConfiguration(
                        KEY, file.toString(), "a file of at most " + MAX_LENGTH + " bytes");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BadConfiguration(KEY, file.toString(), "a text file in UTF-8");
        } catch (IOException e) {
            throw new BadConfiguration(
                    KEY, file.toString(), "a file that can be read (" + KeyFile.reason(e) + ")");
        }
    }
}
