// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// A node that listens on a free loopback port and keeps its data in a folder of its own.
public class LoopbackProfile implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        try {
            return Map.of(
                    "chiral.data-dir",
                            Files.createTempDirectory(Path.of("target"), "node").toString(),
                    "chiral.listen", "/ip4/127.0.0.1/tcp/0",
                    "chiral.address-scope", "any",
                    "quarkus.http.host-enabled", "true", // REST Assured wants to know a port of it
                    "quarkus.http.test-port", "0",
                    "quarkus.management.test-port", "0");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
