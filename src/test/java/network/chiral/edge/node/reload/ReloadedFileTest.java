// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import network.chiral.edge.node.BadConfiguration;
import network.chiral.edge.node.reload.ReloadedFile.Outcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadedFileTest {
    @TempDir private Path folder;
    private final List<List<String>> read = new ArrayList<>();
    private ReloadedFile<List<String>> file;

    @BeforeEach
    void name() {
        file =
                new ReloadedFile<>(
                        "chiral.lists.deny-file",
                        folder.resolve("list"),
                        1_000,
                        lines -> {
                            var texts = lines.stream().map(FileReader.Line::text).toList();
                            if (texts.contains("bad")) {
                                throw new BadFile("line " + lines.getLast().number() + " is bad");
                            }
                            return texts;
                        },
                        read::add);
    }

    private void write(String text) throws IOException {
        Files.writeString(folder.resolve("list"), text);
    }

    @Test
    void readsLinesWithoutCommentsAndBlanks() throws IOException {
        write("# who\n\n  one  \r\ntwo");

        file.load();

        assertThat(read).containsExactly(List.of("one", "two"));
    }

    @Test
    void tellsOfAChangeAndOfNothingElse() throws IOException {
        write("one");
        file.load();

        assertThat(file.look()).isEqualTo(Outcome.SAME);
        write("two");
        assertThat(file.look()).isEqualTo(Outcome.CHANGED);
        assertThat(file.look()).isEqualTo(Outcome.SAME);

        assertThat(read).containsExactly(List.of("one"), List.of("two"));
    }

    @Test
    void keepsTheLastGoodOneWhateverComes() throws IOException {
        write("one");
        file.load();

        write("one\nbad");
        assertThat(file.look()).isEqualTo(Outcome.BAD);
        assertThat(file.fault()).isEqualTo("line 2 is bad");
        Files.delete(folder.resolve("list"));
        assertThat(file.look()).isEqualTo(Outcome.BAD);
        assertThat(file.fault()).isEqualTo("there is none");
        Files.createDirectory(folder.resolve("list"));
        assertThat(file.look()).isEqualTo(Outcome.BAD);
        Files.delete(folder.resolve("list"));
        write("x".repeat(1_001));
        assertThat(file.look()).isEqualTo(Outcome.BAD);
        Files.write(folder.resolve("list"), new byte[] {(byte) 0xff});
        assertThat(file.look()).isEqualTo(Outcome.BAD);
        assertThat(read).containsExactly(List.of("one"));

        write("one");
        assertThat(file.look()).isEqualTo(Outcome.SAME);
        assertThat(file.fault()).isNull();
    }

    @Test
    void seesTheSwapOfASymbolicLinkAsKubernetesMakesIt() throws IOException {
        for (var version : List.of("one", "two")) {
            Files.createDirectory(folder.resolve(version));
            Files.writeString(folder.resolve(version).resolve("list"), version);
        }
        Files.createSymbolicLink(folder.resolve("data"), Path.of("one"));
        Files.createSymbolicLink(folder.resolve("list"), Path.of("data/list"));
        file.load();

        Files.createSymbolicLink(folder.resolve("next"), Path.of("two"));
        Files.move(
                folder.resolve("next"),
                folder.resolve("data"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);

        assertThat(file.look()).isEqualTo(Outcome.CHANGED);
        assertThat(read).endsWith(List.of("two"));
    }

    @Test
    void stopsTheStartWhereItIsBadFromTheBeginning() throws IOException {
        assertThatThrownBy(file::load)
                .isInstanceOf(BadConfiguration.class)
                .hasMessageContaining("chiral.lists.deny-file")
                .hasMessageContaining("there is none");
    }
}
