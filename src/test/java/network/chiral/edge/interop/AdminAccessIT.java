// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Whom the admin API answers, over real sockets.
class AdminAccessIT {
    private static final String TOKEN = "a-token-that-nobody-guesses-0123456789";
    private static final String NEXT = "the-token-that-comes-after-it-0123456789";

    @RegisterExtension final Processes processes = new Processes();

    @TempDir Path dataDir;

    private EdgeProcess guarded(Map<String, String> settings) throws IOException {
        write(TOKEN, "rw-------");
        var all = new java.util.HashMap<>(settings);
        all.put("CHIRAL_ADMIN_TOKEN_FILE", tokenFile().toString());
        all.put("CHIRAL_LISTS_RELOAD_INTERVAL", "1s");
        return processes.edge(dataDir, all);
    }

    private Path tokenFile() {
        return dataDir.resolve("admin-token");
    }

    private void write(String token, String permissions) throws IOException {
        Files.writeString(tokenFile(), token + "\n");
        Files.setPosixFilePermissions(tokenFile(), PosixFilePermissions.fromString(permissions));
    }

    private static RequestSpecification at(String host, EdgeProcess edge) {
        return given().baseUri("http://" + host).port(edge.managementPort());
    }

    private static ValidatableResponse shown(EdgeProcess edge, String token) {
        return at("127.0.0.1", edge)
                .header("Authorization", "Bearer " + token)
                .get("/api/v1/status")
                .then();
    }

    // --- tokens

    @Test
    void answersWhoShowsTheTokenAndNobodyElse() throws IOException {
        var edge = guarded(Map.of());
        edge.address();

        var nothing = at("127.0.0.1", edge).get("/api/v1/peers").then();

        nothing.statusCode(401)
                .contentType("application/problem+json")
                .header("WWW-Authenticate", containsString("Bearer"))
                .body("type", equalTo("urn:chiral-edge:problem:unauthorized"));
        shown(edge, TOKEN).statusCode(200);
        shown(edge, TOKEN + "x").statusCode(401);
        assertThat(edge.get("/q/health/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void takesTheNextTokenWhileItRunsAndEndsWhatBeganWithTheOldOne() throws Exception {
        var edge = guarded(Map.of());
        edge.address();
        var events = events(edge);
        assertThat(events.statusCode()).isEqualTo(200);

        write(NEXT, "r--r-----");

        Patience.until(
                PeerProcess.PATIENCE,
                () -> shown(edge, NEXT).extract().statusCode(),
                status -> status == 200);
        shown(edge, TOKEN).statusCode(401);
        assertThatThrownBy(() -> events.body().readAllBytes()).isInstanceOf(IOException.class);
    }

    private static HttpResponse<InputStream> events(EdgeProcess edge) throws Exception {
        var url = "http://127.0.0.1:" + edge.managementPort() + "/api/v1/events?topics=lost";
        var request =
                HttpRequest.newBuilder(URI.create(url))
                        .header("Authorization", "Bearer " + TOKEN)
                        .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());
    }

    @Test
    void looksAtNoMoreTokensAfterTenWrongOnes() throws IOException {
        var edge = guarded(Map.of());
        edge.address();

        for (int i = 0; i < 10; i++) {
            shown(edge, "wrong-" + TOKEN).statusCode(401);
        }

        shown(edge, "wrong-" + TOKEN).statusCode(429).header("Retry-After", equalTo("6"));
        assertThat(edge.metric("chiral_admin_refused_total")).isGreaterThanOrEqualTo(11);
        assertThat(edge.process().log()).doesNotContain(TOKEN);
    }

    @Test
    void loopbackMayStayOpenBesideATokenForOthers() throws IOException {
        var edge = guarded(Map.of("CHIRAL_ADMIN_LOOPBACK", "true"));
        edge.address();

        at("127.0.0.1", edge).get("/api/v1/status").then().statusCode(200);
        at("127.0.0.1", edge)
                .header("X-Forwarded-For", "192.0.2.1")
                .get("/api/v1/status")
                .then()
                .statusCode(401);
    }

    @Test
    void doesNotStartWithATokenThatOthersMayRead() throws IOException {
        write(TOKEN, "rw-r--r--");

        var edge =
                processes.edge(dataDir, Map.of("CHIRAL_ADMIN_TOKEN_FILE", tokenFile().toString()));

        assertThat(edge.awaitExit()).isEqualTo(1);
        assertThat(edge.stderr())
                .contains("chiral.admin.token-file is")
                .contains("others may read or change it")
                .doesNotContain(TOKEN);
    }

    // --- where from

    @Test
    void answersNobodyFromElsewhereWithoutAToken() throws IOException {
        var own = ownAddress();
        assumeTrue(own.isPresent(), "this machine has no address but loopback");
        var edge = processes.edge(dataDir, Map.of("QUARKUS_MANAGEMENT_HOST", "0.0.0.0"));
        edge.address();

        at(own.get(), edge).get("/api/v1/peers").then().statusCode(401);
        at(own.get(), edge).get("/q/health/live").then().statusCode(200);
        at("127.0.0.1", edge).get("/api/v1/peers").then().statusCode(200);
    }

    private static Optional<String> ownAddress() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(Inet4Address.class::isInstance)
                .filter(address -> !address.isLoopbackAddress())
                .map(InetAddress::getHostAddress)
                .findFirst();
    }

    /// A name that an attacker has point to 127.0.0.1, and a page of another site.
    @Test
    void answersNoPageOfAnotherSite() {
        var edge = processes.edge(dataDir, Map.of("CHIRAL_ADMIN_HOSTS", "admin.example"));
        edge.address();
        int port = edge.managementPort();

        at("127.0.0.1", edge)
                .header("Host", "evil.example:" + port)
                .get("/api/v1/peers")
                .then()
                .statusCode(421);
        at("127.0.0.1", edge)
                .header("Host", "admin.example:" + port)
                .get("/api/v1/peers")
                .then()
                .statusCode(200);
        at("127.0.0.1", edge)
                .header("Origin", "https://evil.example")
                .get("/api/v1/peers")
                .then()
                .statusCode(403);
        at("127.0.0.1", edge)
                .header("Sec-Fetch-Site", "cross-site")
                .get("/api/v1/peers")
                .then()
                .statusCode(403);
        at("127.0.0.1", edge)
                .contentType("application/x-www-form-urlencoded")
                .formParam("a", "b")
                .post("/api/v1/drain")
                .then()
                .statusCode(415);
        edge.get("/api/v1/drain").then().body("draining", equalTo(false));
    }

    @Test
    void isNotThereWhereItIsOff() {
        var edge = processes.edge(dataDir, Map.of("CHIRAL_ADMIN_ENABLED", "false"));
        edge.address();

        edge.get("/api/v1/status").then().statusCode(404);
        edge.get("/health").then().statusCode(200);
    }

    /// Nothing is served there, so nothing listens.
    @Test
    void opensNoPortForAnApplication() throws IOException {
        int free;
        try (var socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }

        var edge = processes.edge(dataDir, Map.of("QUARKUS_HTTP_PORT", Integer.toString(free)));
        edge.get("/q/health/live").then().statusCode(200);

        assertThatThrownBy(() -> new Socket("127.0.0.1", free).close())
                .isInstanceOf(ConnectException.class);
    }
}
