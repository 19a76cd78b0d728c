// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import network.chiral.edge.libp2p.crypto.CryptoProvider;
import network.chiral.edge.libp2p.crypto.CryptoProviders;
import network.chiral.edge.node.BadConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFileTest {
    private static final CryptoProvider CRYPTO = CryptoProviders.select().provider();

    @TempDir private Path folder;

    @Test
    void makesTheKeyOnceAndReadsItAfterwards() {
        var file = folder.resolve("new/identity.key");
        var made = KeyFile.loadOrCreate(file, CRYPTO);

        var read = KeyFile.loadOrCreate(file, CRYPTO);

        assertThat(read.peerId()).isEqualTo(made.peerId());
    }

    @Test
    void writesTheFormOfLibp2pForTheOwnerOnly() throws IOException {
        var file = folder.resolve("identity.key");

        KeyFile.loadOrCreate(file, CRYPTO);

        assertThat(Files.readAllBytes(file)).hasSize(68).startsWith(0x08, 0x01, 0x12, 0x40);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (var files = Files.list(folder)) {
            assertThat(files).as("no temporary file is left").containsExactly(file);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 36, 67})
    void stopsTheStartForATruncatedKey(int length) throws IOException {
        var file = folder.resolve("identity.key");
        KeyFile.loadOrCreate(file, CRYPTO);
        var whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, length));

        assertThatThrownBy(() -> KeyFile.loadOrCreate(file, CRYPTO))
                .isInstanceOf(BadConfiguration.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("holds no Ed25519 private key");
        assertThat(Files.size(file)).as("the file is left alone").isEqualTo(length);
    }

    @Test
    void stopsTheStartWhereTheHalvesDoNotBelongTogether() throws IOException {
        var file = folder.resolve("identity.key");
        KeyFile.loadOrCreate(file, CRYPTO);
        var bytes = Files.readAllBytes(file);
        bytes[10] ^= 1;
        Files.write(file, bytes);

        assertThatThrownBy(() -> KeyFile.loadOrCreate(file, CRYPTO))
                .hasMessageContaining("public key does not belong to its private key");
    }

    @Test
    void stopsTheStartForAFolderInItsPlace() throws IOException {
        var file = Files.createDirectory(folder.resolve("identity.key"));

        assertThatThrownBy(() -> KeyFile.loadOrCreate(file, CRYPTO))
                .isInstanceOf(BadConfiguration.class);
    }

    @ParameterizedTest
    @CsvSource({
        "test-secret-1, 12D3KooWPpHhpPEt4aTDTKCroU2UATztebnp5bjjBd9Hvu6gcGD4",
        "émoji🔑, 12D3KooWRr8JqtEPj97h1W4WnLfjAhBpmr7dVE5NLvjQDRjimvjD",
        "stable relay secret, 12D3KooWK6Kz6eLVrhzkEXF8unS8ieL7vsPufdz7UybSGfL3ZM7X"
    })
    void derivesTheKeyFromASecretAsChiralDoes(String secret, String peer) throws IOException {
        var file = Files.writeString(folder.resolve("secret"), secret + "\n");

        assertThat(SecretFile.load(file, CRYPTO).peerId()).hasToString(peer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "  ",
                "changeme",
                "Secret",
                "<your secret>",
                "${SECRET}",
                "chiral-relay-server-default"
            })
    void refusesSecretsThatEverybodyKnows(String secret) throws IOException {
        var file = Files.writeString(folder.resolve("secret"), secret);

        assertThatThrownBy(() -> SecretFile.load(file, CRYPTO))
                .isInstanceOf(BadConfiguration.class)
                .hasMessageContaining("chiral.identity.secret-file")
                .hasMessageNotContaining("'" + secret.strip() + "'");
    }

    @Test
    void refusesASecretFileThatIsNotThere() {
        assertThatThrownBy(() -> SecretFile.load(folder.resolve("none"), CRYPTO))
                .isInstanceOf(BadConfiguration.class);
    }
}
