// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

/// docs/configuration.md is what the comments of the mappings say.
///
/// `./mvnw -Dquick test -Dtest=ConfigurationPageTest -Dconfiguration.page=write` writes it anew.
class ConfigurationPageTest {
    private static final Path PAGE = Path.of("docs/configuration.md");
    private static final String COMMAND =
            "./mvnw -Dquick test -Dtest=ConfigurationPageTest -Dconfiguration.page=write";

    private static final String HEAD =
            """
            <!-- Made of the comments in src/main/java by `%s` -->
            # Configuration reference

            Every key is also an environment variable. A value comes from the first of these that has one: a system property (`-D` before `-jar`,
            or behind the executable's name), a file that `QUARKUS_CONFIG_LOCATIONS` names, the environment, `.env` in the working folder,
            `config/application.properties` there. A key that nobody reads, or a value that cannot be, stops the start with one sentence.
            `check-config` on the command line tells both without a start, and prints all values with where each comes from:
            [operations](operations.md#command-line).

            Lists are separated by commas. Bytes are `131072`, `128K`, `128M` or `1G`; durations `500ms`, `90s`, `30m`, `1h` or `7d`; a rate
            `30+1/2m` is 30 at once and one more every 2 min; a multiaddr is `/ip4/192.0.2.1/tcp/4001`.
            """
                    .formatted(COMMAND);

    private static final String PLATFORM =
            """

            ## Of the platform
            Quarkus' [own keys](https://quarkus.io/guides/all-config) work too. Of use here:

            | key | environment | default | meaning |
            |---|---|---|---|
            | `quarkus.management.port` | `QUARKUS_MANAGEMENT_PORT` | `9000` | probes, metrics, admin API and Network page, the only HTTP port; 0 for a free one |
            | `quarkus.management.host` | `QUARKUS_MANAGEMENT_HOST` | `0.0.0.0` | where that is listened on |
            | `quarkus.log.level` | `QUARKUS_LOG_LEVEL` | `INFO` | `DEBUG` tells more, `quarkus.log.category."network.chiral".level` of this program alone |
            """;

    @Test
    void isWhatTheCommentsSay() throws IOException {
        var page = page();

        if (System.getProperty("configuration.page", "check").equals("write")) {
            Files.writeString(PAGE, page);
        }

        assertThat(Files.readString(PAGE)).as("out of date: " + COMMAND).isEqualTo(page);
    }

    @Test
    void hasEveryKeyOnce() {
        var listed =
                KeyReference.sections().stream()
                        .flatMap(section -> section.entries().stream())
                        .map(KeyReference.Entry::key)
                        .toList();

        assertThat(listed).doesNotHaveDuplicates();
        assertThat(new HashSet<>(listed)).isEqualTo(KnownKeys.all().keys());
    }

    private static String page() {
        var page = new StringBuilder(HEAD);
        for (var section : KeyReference.sections()) {
            page.append("\n## ")
                    .append(title(section))
                    .append('\n')
                    .append(section.about())
                    .append("\n\n| key | environment | type, range | default | meaning |\n")
                    .append("|---|---|---|---|---|\n");
            section.entries().forEach(entry -> page.append(row(entry)));
        }
        return page.append(PLATFORM).toString();
    }

    /// Two mappings share the root; the one of roles is known by its first key.
    private static String title(KeyReference.Section section) {
        var first = section.entries().getFirst().key();
        return switch (section.prefix()) {
            case "chiral" -> first.equals("chiral.roles") ? "`chiral.roles`" : "`chiral`";
            default -> "`" + section.prefix() + "`";
        };
    }

    private static String row(KeyReference.Entry entry) {
        return "| `%s` | `%s` | %s | %s | %s |\n"
                .formatted(
                        entry.key(),
                        KnownKeys.environmentName(entry.key()),
                        entry.type(),
                        shown(entry.usual()),
                        entry.meaning());
    }

    private static String shown(String usual) {
        return usual.replace("${user.home}", "~")
                .replace("${quarkus.application.version}", "<version>");
    }
}
