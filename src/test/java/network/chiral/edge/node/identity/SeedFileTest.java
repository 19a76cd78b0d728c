// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.IntStream;
import network.chiral.edge.libp2p.crypto.CryptoProvider;
import network.chiral.edge.libp2p.crypto.CryptoProviders;
import network.chiral.edge.libp2p.identity.Identity;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.node.BadConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SeedFileTest {
    private static final CryptoProvider CRYPTO = CryptoProviders.select().provider();
    private static final String SET = "chiral-edge/chiral-edge";
    private static final byte[] SEED = seed();

    @TempDir private Path folder;

    /// Computed with another program, Python's hmac and cryptography.
    @ParameterizedTest
    @CsvSource({
        "0, 12D3KooWMQFXUkw7sgHpcXoFYKrsqgzXousAXHfNXrcH6FBCzmD9",
        "1, 12D3KooWMosHjn8vAA7xhm7Y7heNHbGCb314dVj1RuvbMyh1Zxfa",
        "2, 12D3KooWN7qVzdLmF9cN3va8kEEt8LbtyWCafqHJ5gJBeVj2FCRk"
    })
    void givesEachOrdinalTheKeyThatAnotherProgramDerives(int ordinal, String peer)
            throws IOException {
        var file = write(SEED);

        assertThat(load(file, SET, ordinal)).hasToString(peer);
    }

    @Test
    void takesTheSeedAsItIsInHexAndInBase64() throws IOException {
        var hex = HexFormat.of().formatHex(SEED);
        var base64 = Base64.getEncoder().encodeToString(SEED);
        var web = Base64.getUrlEncoder().withoutPadding().encodeToString(SEED);
        var peer = load(write(SEED), SET, 0);

        for (var text : new String[] {hex, hex.toUpperCase() + "\r\n", base64 + "\n", web, web}) {
            assertThat(load(write(text.getBytes(StandardCharsets.US_ASCII)), SET, 0))
                    .as(text)
                    .isEqualTo(peer);
        }
    }

    @Test
    void givesAnotherSetAndAnotherOrdinalOtherKeys() throws IOException {
        var file = write(SEED);

        var peers =
                IntStream.range(0, 100)
                        .boxed()
                        .flatMap(i ->
                                IntStream.range(0, 2).mapToObj(set -> load(file, "s" + set, i)));

        assertThat(peers).doesNotHaveDuplicates();
    }

    // --- beside a volume

    @Test
    void writesNoKeyFile() throws IOException {
        load(write(SEED), SET, 0);

        assertThat(folder.resolve("identity.key")).doesNotExist();
    }

    @Test
    void startsBesideAKeyFileOfTheSamePeer() throws IOException {
        var derived = Identity.ofSeed(CRYPTO, SeedFile.derive(SEED, SET, 7));
        Files.write(folder.resolve("identity.key"), derived.privateKey());

        var peer = load(write(SEED), SET, 7);

        assertThat(peer).isEqualTo(derived.peerId());
    }

    @Test
    void refusesToChooseBetweenTwoIdentities() throws IOException {
        var kept = KeyFile.loadOrCreate(folder.resolve("identity.key"), CRYPTO);
        var file = write(SEED);

        assertThatThrownBy(() -> load(file, SET, 0))
                .isInstanceOf(BadConfiguration.class)
                .hasMessageContaining(kept.peerId().toString())
                .hasMessageContaining("12D3KooWMQFXUkw7sgHpcXoFYKrsqgzXousAXHfNXrcH6FBCzmD9")
                .hasMessageContaining("ordinal 0 of '" + SET + "'");
    }

    // --- what is no seed

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "edit me",
                "4041424344454647", // too short
                "0123456789abcdef0123456789abcdef", // 16 bytes in hex
                "correct horse battery staple 123", // 32 characters
                "zz41424344454647484950515253545556575859606162636465666768697071",
                "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xt" // 39 bytes
            })
    void refusesWhatIsNoSeedAndDoesNotTellIt(String text) throws IOException {
        var file = write(text.getBytes(StandardCharsets.US_ASCII));

        assertThatThrownBy(() -> load(file, SET, 0))
                .isInstanceOf(BadConfiguration.class)
                .hasMessageContaining("chiral.identity.seed-file")
                .hasMessageContaining("openssl rand -hex 32")
                .satisfies(fault -> {
                    if (!text.isEmpty()) {
                        assertThat(fault.getMessage()).doesNotContain(text);
                    }
                });
    }

    @Test
    void refusesBytesThatAreNotRandom() throws IOException {
        var file = write(new byte[32]);

        assertThatThrownBy(() -> load(file, SET, 0)).hasMessageContaining("too much alike");
    }

    @ParameterizedTest
    @ValueSource(strings = {"r--r--r--", "rw----r--", "rw--w--w-"})
    void refusesAFileThatEverybodyMayRead(String mode) throws IOException {
        var file = write(SEED);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));

        assertThatThrownBy(() -> load(file, SET, 0)).hasMessageContaining("not everybody may read");
    }

    /// A volume of a Secret is a folder of links, the mode being the file's.
    @Test
    void readsThroughTheLinksOfAMountedSecret() throws IOException {
        var file = write(SEED);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----"));
        var link = Files.createSymbolicLink(folder.resolve("seed"), file);

        assertThat(load(link, SET, 0)).isEqualTo(load(file, SET, 0));
    }

    @Test
    void refusesAFileThatIsNotThere() {
        assertThatThrownBy(() -> load(folder.resolve("none"), SET, 0))
                .isInstanceOf(BadConfiguration.class);
    }

    private PeerId load(Path file, String context, int ordinal) {
        return SeedFile.load(
                        new SeedSettings(file, context, ordinal),
                        folder.resolve("identity.key"),
                        CRYPTO)
                .peerId();
    }

    private Path write(byte[] content) throws IOException {
        var file = Files.createTempFile(folder, "seed", ""); // mode 0600
        return Files.write(file, content);
    }

    private static byte[] seed() {
        var seed = new byte[32];
        for (int i = 0; i < seed.length; i++) {
            seed[i] = (byte) (0xc0 + i);
        }
        return seed;
    }
}
