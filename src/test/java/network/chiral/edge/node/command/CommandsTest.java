// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {
    private final CommandLine line = new CommandLine();

    @Test
    void areNotAskedByANodeWithoutArguments() {
        assertThat(line.run()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "help"})
    void areAllInTheHelp(String word) {
        assertThat(line.run(word)).hasValue(0);
        assertThat(line.out())
                .contains("check-config", "cache show", "cache verify", "cache repair")
                .contains("cache import", "cache export", "identity show", "identity new")
                .contains("ping", "version", "Exit codes: 0");
        assertThat(line.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "check-config",
                "cache show",
                "cache verify",
                "cache repair",
                "cache import",
                "cache export",
                "identity show",
                "identity new",
                "ping",
                "version"
            })
    void haveHelpEach(String command) {
        var words = (command + " --help").split(" ");

        assertThat(line.run(words)).hasValue(0);
        assertThat(line.out()).startsWith("usage: chiral-edge " + command);
        assertThat(line.run(("help " + command).split(" "))).hasValue(0);
        assertThat(line.out()).startsWith("usage: chiral-edge " + command);
    }

    @ParameterizedTest
    @CsvSource({
        "cahce,cache",
        "check-cofig,check-config",
        "pign,ping",
        "--hlep,--help",
        "cache shwo,cache show",
        "cache varify,cache verify",
        "identity nwe,identity new"
    })
    void guessWhatWasMeant(String typed, String meant) {
        assertThat(line.run(typed.split(" "))).hasValue(2);
        assertThat(line.err())
                .startsWith(
                        "error: there is no command " + typed + "; did you mean " + meant + "?\n");
        assertThat(line.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cache", "identity", "start", "-Dchiral.listen=x", "-Xmx1g"})
    void refuseWhatIsNone(String typed) {
        assertThat(line.run(typed)).hasValue(2);
        assertThat(line.err()).startsWith("error: ");
    }

    @ParameterizedTest
    @CsvSource({
        "cache show --jsn,there is no option --jsn; did you mean --json?",
        "cache show --file,--file wants a value",
        "cache show --json --json,--json stands there twice",
        "cache show --json=x,there is no option --json=x",
        "cache show x,'nothing is wanted behind the options, not x'",
        "cache import,'one file is wanted, not 0'",
        "version --verbose,there is no option --verbose"
    })
    void sayWhatIsWrongWithTheirOptions(String typed, String sentence) {
        assertThat(line.run(typed.split(" "))).hasValue(2);
        assertThat(line.err()).startsWith("error: " + sentence).contains("usage: chiral-edge ");
    }

    @Test
    void takeOptionsInAnyOrderAndNoneBehindTwoDashes() throws BadUsage {
        var arguments =
                Arguments.of(
                        List.of("a", "--file=x=y", "--json", "--", "--force", "-"),
                        java.util.Set.of("--json"),
                        java.util.Set.of("--file"));

        assertThat(arguments.rest()).containsExactly("a", "--force", "-");
        assertThat(arguments.value("--file")).contains("x=y");
        assertThat(arguments.has("--json")).isTrue();
        assertThat(arguments.has("--force")).isFalse();
    }

    @Test
    void tellTheirVersions() {
        assertThat(line.run("--version")).hasValue(0);
        assertThat(line.out())
                .startsWith("chiral-edge ")
                .contains("commit:  ", "runtime: Java " + Runtime.version().feature())
                .contains("crypto:  ");
    }

    @Test
    void knowNoCommitWhereTheBuildKnewNone() throws IOException {
        var text = "version=1.2.3\ncommit=${git.commit.id.abbrev}\n";

        var build = Build.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));

        assertThat(build).isEqualTo(new Build("1.2.3", "unknown"));
    }
}
