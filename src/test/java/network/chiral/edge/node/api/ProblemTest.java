// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.stream.Collectors;
import network.chiral.edge.node.api.Problem.Kind;
import network.chiral.edge.node.api.access.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProblemTest {
    private static final Path DOCUMENT =
            Path.of("src/main/resources/network/chiral/edge/node/api/resource/openapi.yaml");

    @ParameterizedTest
    @EnumSource
    void isSpelledAsTheDocumentSays(Kind kind) throws IOException {
        var answer = Problem.of(kind, "Because.").answer("/api/v1/x");

        ApiDocument.parse(Files.readString(DOCUMENT)).check("Problem", answer.body().toString());
        assertThat(answer.status()).isEqualTo(new JsonObject(answer.body()).getInteger("status"));
        assertThat(answer.type()).isEqualTo("application/problem+json");
    }

    @Test
    void noTwoKindsHaveTheSameType() {
        var types = EnumSet.allOf(Kind.class).stream().map(Kind::type).collect(Collectors.toSet());

        assertThat(types)
                .hasSize(Kind.values().length)
                .contains("urn:chiral-edge:problem:not-found");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ADMITTED")
    void everyRefusalSaysWhatToDo(Verdict verdict) {
        var problem = Refusals.of(verdict);

        var challenged = problem.headers().containsKey("WWW-Authenticate");
        assertThat(problem.detail()).isNotBlank();
        assertThat(challenged).isEqualTo(problem.kind() == Kind.UNAUTHORIZED);
    }
}
