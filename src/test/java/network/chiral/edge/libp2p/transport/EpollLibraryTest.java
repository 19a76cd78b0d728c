// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(value = OS.LINUX, architectures = "amd64") // the library of the others is not built in
class EpollLibraryTest {
    @TempDir private Path folder;

    @Test
    void isLoadedFromTheFirstFolderThatTakesFilesAndLeavesNone() {
        var reasons = EpollLibrary.load(List.of(folder.resolve("missing"), folder));

        assertThat(reasons).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void saysWhyItIsNotThere() {
        var reasons = EpollLibrary.load(List.of(folder.resolve("a"), folder.resolve("b")));

        assertThat(reasons)
                .hasSize(2)
                .allSatisfy(reason -> assertThat(reason).contains(folder.toString()));
    }
}
