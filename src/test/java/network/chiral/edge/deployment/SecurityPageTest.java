// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import network.chiral.edge.libp2p.protocol.relay.Refusal;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What SECURITY.md and the troubleshooting page say is there, is there.
class SecurityPageTest {
    private static final Path SECURITY = Path.of("SECURITY.md");
    private static final Path TROUBLE = Path.of("docs/troubleshooting.md");
    private static final Pattern TEST =
            Pattern.compile("`([A-Z]\\w+(?:Test|IT|Properties))(?:\\.(\\w+))?`");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#h][^)#]*)");

    private static final Map<String, Path> TESTS = new HashMap<>();

    @BeforeAll
    static void findTests() throws IOException {
        try (var files = Files.walk(Path.of("src/test/java"))) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .forEach(file ->
                            TESTS.put(file.getFileName().toString().replace(".java", ""), file));
        }
    }

    @Test
    void namesTestsThatExist() throws IOException {
        var missing = new ArrayList<String>();
        int named = 0;
        var matcher = TEST.matcher(Files.readString(SECURITY));
        while (matcher.find()) {
            named++;
            var file = TESTS.get(matcher.group(1));
            boolean there =
                    file != null
                            && (matcher.group(2) == null
                                    || Files.readString(file)
                                            .contains("void " + matcher.group(2) + "("));
            if (!there) {
                missing.add(matcher.group());
            }
        }

        assertThat(missing).isEmpty();
        assertThat(named).isGreaterThan(40);
    }

    @Test
    void everyReasonOfARefusalHasItsCure() throws IOException {
        var page = Files.readString(TROUBLE);

        for (var refusal : Refusal.values()) {
            var name = refusal.name().toLowerCase(Locale.ROOT);
            var family = name.replaceFirst("_(peer|address)$", "_*");
            var suffix = name.replaceFirst("^reservations", "");
            assertThat(page)
                    .as(name)
                    .containsAnyOf("`" + name + "`", "`" + family + "`", "`" + suffix + "`");
        }
    }

    @Test
    void linksLeadSomewhere() throws IOException {
        for (var page : new Path[] {SECURITY, TROUBLE, Path.of("docs/operations.md")}) {
            var matcher = LINK.matcher(Files.readString(page));
            while (matcher.find()) {
                assertThat(page.resolveSibling(matcher.group(1))).as(page.toString()).exists();
            }
        }
    }
}
