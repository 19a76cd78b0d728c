// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Knows by its name which value nobody may read over somebody's shoulder.
public final class Secrets {
    /// What is shown in its place.
    public static final String MASK = "********";

    private static final Pattern BETWEEN = Pattern.compile("[^a-z0-9]+");
    private static final Set<String> WORDS =
            Set.of("secret", "token", "tokens", "password", "passphrase", "seed", "credential");

    private Secrets() {}

    /// A file's path is no secret, and neither is a switch; what is in the file is.
    public static boolean isSecret(String key) {
        if (key.endsWith("file") || key.endsWith("enabled")) {
            return false;
        }
        return key.endsWith("private-key")
                || BETWEEN.splitAsStream(key.toLowerCase(Locale.ROOT)).anyMatch(WORDS::contains);
    }
}
