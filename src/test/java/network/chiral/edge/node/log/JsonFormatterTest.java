// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.ExtLogRecord.FormatStyle;
import org.jboss.logmanager.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFormatterTest {
    private final JsonFormatter formatter = new JsonFormatter();

    @Test
    void hasTheSameKeysInEveryLine() throws IOException {
        var entry = entry("Saved", FormatStyle.NO_FORMAT);
        entry.setInstant(Instant.parse("2026-02-03T04:05:06.0789Z"));

        var line = parse(formatter.format(entry));

        assertThat(line.fieldNames())
                .toIterable()
                .containsExactly("time", "level", "logger", "thread", "message");
        assertThat(line.path("time").asText()).isEqualTo("2026-02-03T04:05:06.078Z");
        assertThat(line.path("level").asText()).isEqualTo("INFO");
        assertThat(line.path("logger").asText()).isEqualTo("network.chiral.edge.Some");
        assertThat(line.path("message").asText()).isEqualTo("Saved");
    }

    @Test
    void namesTheValuesThatTheMessageNames() throws IOException {
        var entry =
                entry(
                        "Done: %d%% of it, peer=%s took=%.1f path=%s",
                        FormatStyle.PRINTF, 7, "12D3 reason=x", 1.25, "/data/a=\"b\"");

        var line = parse(formatter.format(entry));

        assertThat(line.path("message").asText())
                .isEqualTo("Done: 7% of it, peer=12D3 reason=x took=1.3 path=/data/a=\"b\"");
        assertThat(line.path("fields").toString())
                .isEqualTo(
                        "{\"peer\":\"12D3 reason=x\",\"took\":\"1.25\",\"path\":\"/data/a=\\\"b\\\"\"}");
    }

    @Test
    void namesThemInTheOtherStyleToo() throws IOException {
        var entry =
                entry(
                        "Closed: {0} reason={1}",
                        FormatStyle.MESSAGE_FORMAT, "a connection", "reset");

        var line = parse(formatter.format(entry));

        assertThat(line.path("fields").toString()).isEqualTo("{\"reason\":\"reset\"}");
    }

    @Test
    void tellsWhatWasThrownInTheSameLine() throws IOException {
        var entry = entry("Failed", FormatStyle.NO_FORMAT);
        entry.setThrown(new IOException("no room"));

        var text = formatter.format(entry);

        assertThat(text.strip().lines()).hasSize(1);
        assertThat(parse(text).path("error").asText()).isEqualTo("java.io.IOException: no room");
        assertThat(parse(text).path("stack").asText()).contains("tellsWhatWasThrownInTheSameLine");
    }

    /// What peers say of themselves is logged: it must not end the line, or forge another.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\n{\"level\":\"ERROR\"}",
                "tab\tquote\"back\\slash\r",
                "\u0000\u0001\u001b[31m",
                "\u2028\u2029",
                "🔑 and half of one \ud83d"
            })
    void keepsAnyValueInOneLineThatParses(String value) throws IOException {
        var text = formatter.format(entry("agent=%s", FormatStyle.PRINTF, value));

        assertThat(text).endsWith("}\n").matches("[^\\p{Cntrl}]*\\n");
        assertThat(parse(text).at("/fields/agent").asText()).isEqualTo(value);
    }

    private static ExtLogRecord entry(String message, FormatStyle style, Object... values) {
        var entry = new ExtLogRecord(Level.INFO, message, style, JsonFormatterTest.class.getName());
        entry.setLoggerName("network.chiral.edge.Some");
        entry.setParameters(values);
        return entry;
    }

    private static JsonNode parse(String line) throws IOException {
        return new ObjectMapper().readTree(line);
    }
}
