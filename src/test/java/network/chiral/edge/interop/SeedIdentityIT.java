// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// A set of nodes with one seed, started as a StatefulSet starts its pods.
class SeedIdentityIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension final Processes processes = new Processes();

    @TempDir Path folder;

    private Path seed;

    @BeforeEach
    void writeTheSeed() throws IOException {
        var bytes = new byte[32];
        new Random(1).nextBytes(bytes);
        seed = Files.createTempFile(folder, "seed", ""); // mode 0600
        Files.writeString(seed, HexFormat.of().formatHex(bytes) + "\n");
    }

    @Test
    void hasTheSamePeersAfterScalingInAndOutAndWithoutTheirVolumes() {
        var first = peersOf(3, "volumes");

        var alone = peersOf(1, "volumes");
        var again = peersOf(3, "new-volumes");

        assertThat(first).doesNotHaveDuplicates().hasSize(3);
        assertThat(alone).containsExactly(first.getFirst());
        assertThat(again).isEqualTo(first);
    }

    @Test
    void isThePeerThatOthersAuthenticate() {
        var edge = pod(0, "volumes");
        var peer = processes.peer(PeerLanguage.GO);

        peer.call("connect", "addr", edge.address());

        assertThat(edge.address()).endsWith("/p2p/" + edge.peerId());
        assertThat(edge.stderr()).doesNotContain(seedText());
    }

    @Test
    void doesNotStartOnAVolumeOfAnotherPeer() {
        var before = processes.edge(folder.resolve("kept-0"), Map.of());
        var known = before.peerId();
        before.stop(PATIENCE);

        var refused = pod(0, "kept");

        assertThat(refused.awaitExit()).isEqualTo(1);
        assertThat(refused.stderr())
                .contains("identity.key is of peer " + known)
                .contains("move the file away to take the seed's identity")
                .doesNotContain(seedText());
    }

    @Test
    void doesNotStartWithoutAnOrdinal() {
        var refused =
                processes.edge(
                        folder.resolve("none"),
                        Map.of("CHIRAL_IDENTITY_SEED_FILE", seed.toString()));

        assertThat(refused.awaitExit()).isEqualTo(1);
        assertThat(refused.stderr())
                .contains("chiral.identity.ordinal is '', but it has to be a whole number from 0");
    }

    private List<String> peersOf(int replicas, String volumes) {
        var pods = IntStream.range(0, replicas).mapToObj(i -> pod(i, volumes)).toList();
        var peers = pods.stream().map(EdgeProcess::peerId).toList();
        pods.forEach(pod -> pod.stop(PATIENCE));
        return peers;
    }

    private EdgeProcess pod(int ordinal, String volumes) {
        var settings = new HashMap<String, String>();
        settings.put("CHIRAL_IDENTITY_SEED_FILE", seed.toString());
        settings.put("CHIRAL_IDENTITY_ORDINAL", Integer.toString(ordinal));
        settings.put("CHIRAL_IDENTITY_CONTEXT", "chiral-edge/chiral-edge");
        return processes.edge(folder.resolve(volumes + "-" + ordinal), settings);
    }

    private String seedText() {
        try {
            return Files.readString(seed).strip();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
