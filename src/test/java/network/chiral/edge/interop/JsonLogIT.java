// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// The packaged program with its log as JSON.
class JsonLogIT {
    @RegisterExtension final Processes processes = new Processes();

    @TempDir Path dataDir;

    @Test
    void writesOneObjectALineFromTheFirstOn() throws IOException {
        var edge = processes.edge(dataDir, Map.of("CHIRAL_LOG_FORMAT", "json"));
        var peer = edge.peerId();
        edge.managementPort();

        var lines = parsed(edge.stderr());
        assertThat(lines)
                .hasSizeGreaterThan(5)
                .allSatisfy(line -> {
                    assertThat(line.fieldNames())
                            .toIterable()
                            .startsWith("time", "level", "logger", "thread", "message");
                    assertThat(line.path("time").asText()).matches("[-0-9]+T[:.0-9]+Z");
                });
        assertThat(lines)
                .anySatisfy(line -> {
                    assertThat(line.path("message").asText()).startsWith("Listening: peer=" + peer);
                    assertThat(line.at("/fields/peer").asText()).isEqualTo(peer);
                    assertThat(line.at("/fields/transport").asText()).isNotEmpty();
                });
    }

    @Test
    void doesNotStartWithAFormatThatIsNone() {
        var refused = processes.edge(dataDir, Map.of("CHIRAL_LOG_FORMAT", "xml"));

        assertThat(refused.awaitExit()).isEqualTo(1);
        assertThat(refused.stderr())
                .contains("chiral.log.format is 'xml', but it has to be one of text, json");
    }

    private static List<JsonNode> parsed(String text) throws IOException {
        var json = new ObjectMapper();
        var lines = new ArrayList<JsonNode>();
        for (var line : text.lines().filter(it -> !it.isBlank()).toList()) {
            lines.add(json.readTree(line));
        }
        return lines;
    }
}
