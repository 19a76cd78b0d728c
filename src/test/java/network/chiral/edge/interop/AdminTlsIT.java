// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// The admin API over TLS, where a certificate of the client may be enough.
class AdminTlsIT {
    private static final String PASSWORD = "only-for-this-test";

    @RegisterExtension final Processes processes = new Processes();

    @TempDir static Path keys;

    @TempDir Path dataDir;

    @BeforeAll
    static void makeKeys() throws Exception {
        for (var name : List.of("server", "operator", "stranger")) {
            keytool(
                    "-genkeypair",
                    "-alias",
                    name,
                    "-keyalg",
                    "EC",
                    "-groupname",
                    "secp256r1",
                    "-dname",
                    "CN=" + name,
                    "-ext",
                    "SAN=ip:127.0.0.1",
                    "-validity",
                    "2",
                    "-keystore",
                    keys.resolve(name + ".p12").toString());
            keytool(
                    "-exportcert",
                    "-alias",
                    name,
                    "-file",
                    keys.resolve(name + ".crt").toString(),
                    "-keystore",
                    keys.resolve(name + ".p12").toString());
        }
        for (var name : List.of("server", "operator")) {
            keytool(
                    "-importcert",
                    "-noprompt",
                    "-alias",
                    name,
                    "-file",
                    keys.resolve(name + ".crt").toString(),
                    "-keystore",
                    keys.resolve(name + "-trusted.p12").toString());
        }
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        var command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        var log = keys.resolve("keytool.log").toFile();
        var process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                        .start();
        assertThat(process.waitFor()).as(() -> read(log.toPath())).isZero();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private EdgeProcess edge(Map<String, String> more) {
        var settings =
                new HashMap<>(
                        Map.of(
                                "QUARKUS_MANAGEMENT_TLS_CONFIGURATION_NAME",
                                "admin",
                                "QUARKUS_TLS_ADMIN_KEY_STORE_P12_PATH",
                                keys.resolve("server.p12").toString(),
                                "QUARKUS_TLS_ADMIN_KEY_STORE_P12_PASSWORD",
                                PASSWORD));
        settings.putAll(more);
        return processes.edge(dataDir, settings);
    }

    private static Map<String, String> trustingOperators() {
        return Map.of(
                "CHIRAL_ADMIN_CLIENT_CERTIFICATES",
                "true",
                "QUARKUS_TLS_ADMIN_TRUST_STORE_P12_PATH",
                keys.resolve("operator-trusted.p12").toString(),
                "QUARKUS_TLS_ADMIN_TRUST_STORE_P12_PASSWORD",
                PASSWORD);
    }

    private static int status(EdgeProcess edge, String key) throws Exception {
        try (var client = HttpClient.newBuilder().sslContext(context(key)).build()) {
            var url = "https://127.0.0.1:" + edge.managementPort() + "/api/v1/status";
            var request = HttpRequest.newBuilder(URI.create(url)).build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }

    private static SSLContext context(String key) throws GeneralSecurityException, IOException {
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store("server-trusted"));
        var own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(key.isEmpty() ? null : store(key), PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static KeyStore store(String name) throws GeneralSecurityException, IOException {
        return KeyStore.getInstance(keys.resolve(name + ".p12").toFile(), PASSWORD.toCharArray());
    }

    @Test
    void aCertificateOfTheOperatorsAuthorityIsEnoughAndNoneIsNot() throws Exception {
        var edge = edge(trustingOperators());
        edge.address();

        assertThat(status(edge, "operator")).isEqualTo(200);
        assertThat(status(edge, "")).isEqualTo(401);
    }

    @Test
    void aCertificateOfAnybodyElseIsNotLetIn() throws Exception {
        var edge = edge(trustingOperators());
        edge.address();

        // the handshake fails, or the client keeps what the server does not ask for to itself
        var seen = new ArrayList<Integer>();
        try {
            seen.add(status(edge, "stranger"));
        } catch (IOException e) {
            assertThat(e).isInstanceOf(SSLException.class);
        }
        assertThat(seen).doesNotContain(200);
    }

    /// Otherwise the authorities of the whole web could let somebody in.
    @Test
    void doesNotStartWhereCertificatesCountAndNobodyVerifiesThem() {
        var edge = edge(Map.of("CHIRAL_ADMIN_CLIENT_CERTIFICATES", "true"));

        assertThat(edge.awaitExit()).isEqualTo(1);
        assertThat(edge.stderr()).contains("chiral.admin.client-certificates is 'true'");
    }

    @Test
    void withoutClientCertificatesItIsTheUsualApiUnderTls() throws Exception {
        var edge = edge(Map.of());
        edge.address();

        assertThat(status(edge, "")).isEqualTo(200);
    }
}
