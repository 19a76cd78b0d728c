// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api.resource;

import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import network.chiral.edge.node.api.Answer;
import network.chiral.edge.node.api.Resource;
import network.chiral.edge.node.api.Route;

/// The document that says all this.
@Singleton
class OpenApiResource implements Resource {
    static final String FILE = "openapi.yaml";

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/openapi.yaml", _ -> Answer.of("application/yaml", read(), Map.of())));
    }

    private static byte[] read() {
        try (var in = OpenApiResource.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException("there is no " + FILE + " in the program");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
