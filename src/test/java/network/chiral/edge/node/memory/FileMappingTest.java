// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FileMappingTest {
    @Test
    void findsCodeThatNobodyHasWritten() {
        var smaps =
                """
                00410000-020a0000 r-xp 00011000 fe:00 1234                       /bin/chiral-edge
                Size:              29248 kB
                Rss:               18740 kB
                Anonymous:             0 kB
                VmFlags: rd ex mr mw me
                """;

        assertThat(FileMapping.readOnly(smaps.lines().toList()))
                .containsExactly(new FileMapping(0x410000, 0x20a0000 - 0x410000));
    }

    @Test
    void leavesAloneWhatALinkerHasWritten() {
        var smaps =
                """
                7fc433e20000-7fc433e82000 r--p 0041f000 fe:00 99      /usr/lib/libcrypto.so.3
                Rss:                 392 kB
                Anonymous:           392 kB
                """;

        assertThat(FileMapping.readOnly(smaps.lines().toList())).isEmpty();
    }

    @Test
    void leavesAloneWhatMayBeWrittenOrSharedOrIsNoFile() {
        var smaps =
                """
                7fc44b480000-7fc44bf72000 rw-p 01a00000 fe:00 1234          /bin/chiral-edge
                Anonymous:             0 kB
                7fc44b480000-7fc44bf72000 r--s 01a00000 fe:00 1234          /usr/lib/gconv.cache
                Anonymous:             0 kB
                7fc44c700000-7fc44cc00000 r--p 00000000 00:00 0
                Anonymous:             0 kB
                7ffd1c5f2000-7ffd1c5f4000 r-xp 00000000 00:00 0             [vdso]
                Anonymous:             0 kB
                """;

        assertThat(FileMapping.readOnly(smaps.lines().toList())).isEmpty();
    }

    @Test
    void findsNothingWhereThereIsNothing() {
        assertThat(FileMapping.readOnly(List.of())).isEmpty();
    }
}
