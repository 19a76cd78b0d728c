// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import network.chiral.edge.libp2p.crypto.CryptoProviders;
import network.chiral.edge.node.configuration.TestConfiguration;
import network.chiral.edge.node.identity.KeyFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityCommandsTest {
    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-11-23T12:00:00Z"), ZoneOffset.UTC);

    @TempDir Path dataDir;

    private final CommandLine line = new CommandLine();
    private final Map<String, String> properties = new HashMap<>();

    private Settings settings() {
        properties.put("chiral.data-dir", dataDir.toString());
        return replaced -> TestConfiguration.of(properties, replaced);
    }

    private Path keyFile() {
        return dataDir.resolve("identity.key");
    }

    private int makeNew(String... words) throws Exception {
        return line.run(new IdentityNewCommand(settings(), CLOCK), words);
    }

    private int show(String... words) throws Exception {
        return line.run(new IdentityShowCommand(settings()), words);
    }

    @Test
    void newMakesAKeyThatOnlyItsOwnerMayRead() throws Exception {
        assertThat(makeNew()).isZero();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keyFile())))
                .isEqualTo("rw-------");
        var crypto = CryptoProviders.select("java").provider();
        assertThat(line.out())
                .contains(KeyFile.find(keyFile(), crypto).orElseThrow().peerId().toString());
    }

    @Test
    void newKeepsTheKeyThatIsThere() throws Exception {
        makeNew();
        var before = Files.readAllBytes(keyFile());

        assertThatThrownBy(this::makeNew)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is there already");

        assertThat(keyFile()).hasBinaryContent(before);
    }

    @Test
    void newKeepsTheOldKeyBesideWhereItIsForced() throws Exception {
        makeNew();
        var before = Files.readAllBytes(keyFile());

        assertThat(makeNew("--force")).isZero();
        assertThat(makeNew("--force")).isZero();

        assertThat(Files.readAllBytes(keyFile())).isNotEqualTo(before);
        assertThat(dataDir.resolve("identity.key.replaced-20261123T120000Z"))
                .hasBinaryContent(before);
        assertThat(dataDir.resolve("identity.key.replaced-20261123T120000Z-1")).exists();
    }

    @Test
    void newRefusesWhereTheNodeWouldNotReadTheFile() throws Exception {
        properties.put("chiral.identity.secret-file", "/run/secret");

        assertThatThrownBy(this::makeNew).hasMessageContaining("/run/secret");
        assertThat(keyFile()).doesNotExist();
        assertThat(makeNew("--key-file", keyFile().toString())).isZero();
    }

    @Test
    void showTellsWhoTheNodeIsAndNothingOfThePrivateKey() throws Exception {
        makeNew();
        var made = line.out();

        assertThat(show()).isZero();
        assertThat(line.out()).isEqualTo(made);

        assertThat(show("--json")).isZero();
        var text = line.out();
        var json = new ObjectMapper().readTree(text);
        assertThat(made).contains(json.get("peerId").asText(), json.get("publicKey").asText());
        assertThat(json.get("source").asText()).isEqualTo("key file " + keyFile());
        var seed = java.util.Arrays.copyOfRange(Files.readAllBytes(keyFile()), 4, 36);
        assertThat(made + text)
                .doesNotContain(HexFormat.of().formatHex(seed))
                .doesNotContain(Base64.getEncoder().encodeToString(seed).substring(4, 40));
    }

    @Test
    void showMakesNoKey() {
        assertThatThrownBy(this::show)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("there is no key file " + keyFile());
        assertThat(keyFile()).doesNotExist();
    }

    @Test
    void showReadsASecretAsTheNodeDoes() throws Exception {
        var secret = dataDir.resolve("secret");
        Files.writeString(secret, "a long text that nobody knows\n");
        properties.put("chiral.identity.secret-file", secret.toString());

        assertThat(show()).isZero();

        assertThat(line.out()).contains("source:     secret file " + secret);
        assertThat(keyFile()).doesNotExist();
    }

    /// Before a first start: which ids the pods of a set will have.
    @Test
    void showTellsTheNodeOfASeedByItsOrdinal() throws Exception {
        takeTheSeed();
        properties.put("chiral.identity.ordinal", "1");
        properties.put("chiral.identity.context", "chiral-edge/chiral-edge");

        assertThat(show()).isZero();

        assertThat(line.out())
                .contains("12D3KooWMosHjn8vAA7xhm7Y7heNHbGCb314dVj1RuvbMyh1Zxfa")
                .contains("seed file " + dataDir.resolve("seed") + ", ordinal 1");
        assertThat(keyFile()).doesNotExist();
    }

    @Test
    void newMakesNoKeyThatTheSeedWouldContradict() throws Exception {
        takeTheSeed();
        properties.put("chiral.identity.ordinal", "0");

        assertThatThrownBy(this::makeNew).hasMessageContaining("chiral.identity.seed-file");
        assertThat(keyFile()).doesNotExist();
    }

    private void takeTheSeed() throws IOException {
        var bytes = new byte[32];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (0xc0 + i);
        }
        var seed = Files.write(dataDir.resolve("seed"), bytes);
        Files.setPosixFilePermissions(
                seed, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        properties.put("chiral.identity.seed-file", seed.toString());
    }
}
