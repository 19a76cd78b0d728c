// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigurationCheckTest {
    private static final Pattern LEAST = Pattern.compile("(\\S+), (\\d+)(ms|s)? (and more|to).*");

    @TempDir Path dataDir;

    private List<String> problems(Map<String, String> properties) {
        Map<String, String> all = new HashMap<>(properties);
        all.putIfAbsent("chiral.data-dir", dataDir.toString());
        return new ConfigurationCheck(
                        KnownKeys.all(), replaced -> TestConfiguration.of(all, replaced))
                .problems();
    }

    @Test
    void isContentWithTheDefaults() {
        assertThat(problems(Map.of())).isEmpty();
    }

    @Test
    void makesNoKeyAndNoOtherFile() throws IOException {
        problems(Map.of());

        try (var files = Files.list(dataDir)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void findsAllThatIsWrongAndNotTheFirstOnly() {
        var found =
                problems(
                        Map.of(
                                "chiral.listen", "nowhere",
                                "chiral.address-scope", "galaxy",
                                "chiral.relay.circuits", "many",
                                "chiral.relay.circuit-bytes", "much",
                                "chiral.kad.mode", "sever",
                                "chiral.autonat.server", "maybe",
                                "chiral.drain.grace", "soon",
                                "chiral.relay.reservation", "1"));

        assertThat(found).hasSize(8);
        assertThat(found)
                .anyMatch(line -> line.startsWith("chiral.listen is 'nowhere'"))
                .anyMatch(line -> line.startsWith("chiral.address-scope is 'galaxy'"))
                .anyMatch(line -> line.startsWith("chiral.relay.circuits is 'many'"))
                .anyMatch(line -> line.startsWith("chiral.relay.circuit-bytes is 'much'"))
                .anyMatch(line -> line.startsWith("chiral.kad.mode is 'sever'"))
                .anyMatch(line -> line.startsWith("chiral.autonat.server is 'maybe'"))
                .anyMatch(line -> line.startsWith("chiral.drain.grace is 'soon'"))
                .anyMatch(line -> line.contains("did you mean chiral.relay.reservations?"));
    }

    @Test
    void goesOnWhereTwoValuesDoNotFitTogether() {
        var found =
                problems(
                        Map.of(
                                "chiral.connections.high-water", "100",
                                "chiral.connections.low-water", "200",
                                "chiral.drain.grace", "soon"));

        assertThat(found)
                .anyMatch(line -> line.startsWith("chiral.connections.low-water is '200'"))
                .anyMatch(line -> line.startsWith("chiral.drain.grace is 'soon'"));
    }

    @Test
    void looksIntoTheFilesThatAreConfigured() throws IOException {
        var tokens = dataDir.resolve("tokens");
        Files.writeString(tokens, "x".repeat(5_000));
        Files.writeString(dataDir.resolve("identity.key"), "no key");

        var found =
                problems(
                        Map.of(
                                "chiral.relay-auth.tokens-file", tokens.toString(),
                                "chiral.lists.deny-file", dataDir.resolve("none").toString()));

        assertThat(found)
                .anyMatch(line -> line.startsWith("chiral.relay-auth.tokens-file"))
                .anyMatch(line -> line.startsWith("chiral.lists.deny-file"))
                .anyMatch(line -> line.contains("holds no Ed25519 private key"));
    }

    @Test
    void saysWhichValueIsMissing() {
        assertThat(problems(Map.of("chiral.listen", ""))).hasSize(1);
    }

    static Stream<KeyReference.Entry> entries() {
        return KeyReference.sections().stream().flatMap(section -> section.entries().stream());
    }

    /// The column `type, range` of the reference is what the readers hold.
    @ParameterizedTest
    @MethodSource("entries")
    void refusesWhatTheReferenceRulesOut(KeyReference.Entry entry) {
        for (var value : wrong(entry.memberType())) {
            assertThat(problems(Map.of(entry.key(), value)))
                    .as(entry.key() + " = " + value)
                    .anyMatch(line -> line.startsWith(entry.key() + " is '"));
        }
    }

    private static List<String> wrong(String one) {
        var least = LEAST.matcher(one);
        var kind = one.split("[ ,;]", 2)[0];
        return switch (kind) {
            case "number" -> {
                int min = least.matches() ? Integer.parseInt(least.group(2)) : 0;
                yield List.of("x", "1.5", Integer.toString(min - 1));
            }
            case "bytes" -> List.of("x", "-1", "1T");
            case "duration" -> {
                assertThat(least.matches()).as(one).isTrue();
                int min = Integer.parseInt(least.group(2));
                yield min == 0 ? List.of("x", "-1s") : List.of("x", "0", min - 1 + least.group(3));
            }
            case "rate" -> List.of("x", "30", "30+2/1m", "-1+1/1m");
            case "caps" -> List.of("x", "ip4/33=1", "ip6/65=1");
            case "one", "`true`" -> List.of("nonsense");
            case "multiaddr" -> List.of("nonsense", "/ip4/1.2.3.4/p2p-circuit");
            case "IP" -> List.of("host.example");
            case "prefixes", "networks" -> List.of("x/8", "192.0.2.0/33");
            case "peer" -> List.of("?");
            case "protocol" -> List.of("nonsense");
            case "path", "text" -> List.of();
            default -> throw new AssertionError("a test of the type " + one + " is missing");
        };
    }

    /// All but the one that needs a TLS of the management port beside it.
    static Stream<KeyReference.Entry> entriesOnTheirOwn() {
        return entries().filter(entry -> !entry.key().equals("chiral.admin.client-certificates"));
    }

    @ParameterizedTest
    @MethodSource("entriesOnTheirOwn")
    void takesWhatTheReferenceAllows(KeyReference.Entry entry) {
        var one = entry.memberType();
        var least = LEAST.matcher(one);
        List<String> right =
                one.startsWith("one of ")
                        ? List.of(one.substring("one of ".length()).split(", "))
                        : one.equals("`true` or `false`")
                                ? List.of("true", "false", "on", "0")
                                : least.matches()
                                        ? List.of(
                                                least.group(2)
                                                        + (least.group(3) == null
                                                                ? ""
                                                                : least.group(3)))
                                        : List.of();

        for (var value : right) {
            assertThat(problems(Map.of(entry.key(), value)))
                    .as(entry.key() + " = " + value)
                    .noneMatch(line -> line.startsWith(entry.key() + " is '"));
        }
    }

    @Test
    void knowsSwitchesByTheirDefault() {
        var byType =
                entries()
                        .filter(entry -> entry.type().equals("`true` or `false`"))
                        .map(KeyReference.Entry::key)
                        .toList();
        var known = KnownKeys.all();

        assertThat(known.keys().stream().filter(known::isBoolean))
                .containsExactlyInAnyOrderElementsOf(byType);
    }
}
