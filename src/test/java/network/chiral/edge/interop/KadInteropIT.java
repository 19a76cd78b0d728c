// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import network.chiral.edge.conformance.Clause;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Peers of three libraries that know nobody but the node find each other, and each other's values.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KadInteropIT {
    private static final String KAD = "/chiral/kad/1.0.0";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension static final Processes PROCESSES = new Processes();

    private final Map<PeerLanguage, PeerProcess> seekers = new EnumMap<>(PeerLanguage.class);
    private final Map<PeerLanguage, PeerProcess> sought = new EnumMap<>(PeerLanguage.class);
    private final EdgeProcess edge;
    private final Path restartDir;

    KadInteropIT(@TempDir Path dataDir, @TempDir Path restartDir) {
        this.edge = PROCESSES.edge(dataDir, Map.of());
        this.restartDir = restartDir;
    }

    @BeforeAll
    void nodeListens() {
        assertThat(edge.address()).isNotEmpty();
    }

    private static PeerProcess server(PeerLanguage language, EdgeProcess node) {
        var peer = PROCESSES.peer(language, "--kad", KAD, "--listen", "/ip4/127.0.0.1/tcp/0");
        peer.call("connect", "addr", node.address());
        return peer;
    }

    private PeerProcess seeker(PeerLanguage language) {
        return seekers.computeIfAbsent(language, l -> server(l, edge));
    }

    private PeerProcess sought(PeerLanguage language) {
        return sought.computeIfAbsent(language, l -> server(l, edge));
    }

    static Stream<Object[]> pairs() {
        return PeerLanguage.pairs().map(List::toArray);
    }

    /// The node and the libraries admit a peer to their tables a moment after it came.
    private static JsonNode eventually(PeerProcess peer, String command, Object... fields) {
        return Patience.until(
                PATIENCE,
                () -> peer.send(command, fields).await(),
                result -> result.path("ok").asBoolean());
    }

    @ParameterizedTest(name = "{0} finds {1}")
    @MethodSource("pairs")
    @Clause({"K1", "K3"})
    void peersFindEachOtherThroughTheNodeAlone(PeerLanguage from, PeerLanguage to) {
        var wanted = sought(to);
        var seeker = seeker(from);

        var found = eventually(seeker, "find", "peer", wanted.id());

        assertThat(texts(found.get("addrs")))
                .anyMatch(address -> wanted.address().startsWith(address.split("/p2p/")[0]));
    }

    @ParameterizedTest(name = "{0} puts, {1} gets")
    @MethodSource("pairs")
    @Clause({"kad-put", "kad-get-value"})
    void aValuePutByOneIsGotByAnother(PeerLanguage from, PeerLanguage to) {
        var key = "/chiral/" + from + "-" + to;
        eventually(seeker(from), "put", "key", key, "value", "of " + from);

        var got = eventually(sought(to), "get", "key", key);

        assertThat(got.get("value").asText()).isEqualTo("of " + from);
    }

    @ParameterizedTest(name = "{0} provides, {1} asks")
    @MethodSource("pairs")
    @Clause({"kad-add-provider", "kad-get-providers"})
    void aProviderIsFoundByAnother(PeerLanguage from, PeerLanguage to) {
        var key = "file of " + from + " for " + to;
        var provider = seeker(from);
        eventually(provider, "provide", "key", key);

        var found =
                Patience.until(
                        PATIENCE,
                        () -> sought(to).send("providers", "key", key).await(),
                        result -> texts(result.path("providers")).contains(provider.id()));

        assertThat(found.get("ok").asBoolean()).isTrue();
    }

    @Test
    @Clause("K1")
    void aRawQuestionOfGoIsAnsweredWithServersAndWithoutTheAsker() {
        var asker = seeker(PeerLanguage.GO);
        var wanted = sought(PeerLanguage.RUST);
        eventually(asker, "find", "peer", wanted.id());

        var answer = asker.call("find", "peer", wanted.id(), "via", edge.address());

        var named =
                StreamSupport.stream(answer.get("closer").spliterator(), false)
                        .map(peer -> peer.get("peer").asText())
                        .toList();
        assertThat(named).startsWith(wanted.id()).doesNotContain(asker.id());
    }

    @ParameterizedTest
    @EnumSource
    @Clause({"K3", "I2"})
    void thePeerSeesTheNodeAsAServer(PeerLanguage language) {
        var identity = seeker(language).call("identify", "peer", edge.peerId());

        assertThat(texts(identity.get("protocols"))).contains(KAD);
    }

    @ParameterizedTest
    @EnumSource
    @Clause("kad-restart")
    void aValueOutlivesTheNodesRestart(PeerLanguage language) {
        var dataDir = restartDir.resolve(language.toString());
        var key = "/chiral/restart-" + language;
        var before = PROCESSES.edge(dataDir, Map.of());
        var writer = server(language, before);
        eventually(writer, "put", "key", key, "value", "kept");
        eventually(writer, "provide", "key", key);
        Patience.until(PATIENCE, () -> before.metric("chiral_kad_providers"), n -> n >= 1);
        assertThat(before.metric("chiral_kad_records")).isGreaterThanOrEqualTo(1);
        before.stop(Duration.ofSeconds(10));
        writer.process().close();
        assertThat(before.cacheFile()).content().contains(writer.id()); // it was of use

        var after = PROCESSES.edge(dataDir, Map.of());
        var reader = server(language, after);

        var got = eventually(reader, "get", "key", key);
        assertThat(got.get("value").asText()).isEqualTo("kept");
        assertThat(after.metric("chiral_kad_providers")).isGreaterThanOrEqualTo(1);
    }

    @Test
    void countsWhatItIsAskedUnderTheNamesOfGo() {
        eventually(seeker(PeerLanguage.RUST), "put", "key", "/chiral/metric", "value", "any");

        var metrics = edge.get("/q/metrics").asString();

        assertThat(metrics)
                .contains("rpc_inbound_messages_total")
                .contains("message_type=\"PUT_VALUE\"")
                .contains("chiral_kad_table_size");
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
    }
}
