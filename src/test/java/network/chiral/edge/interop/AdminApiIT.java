// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import network.chiral.edge.node.api.ApiDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// What an operator asks of a node at work and tells it, and what a real peer notices of that.
class AdminApiIT {
    private static final int PAYLOAD = 100_000;

    @RegisterExtension final Processes processes = new Processes();

    @TempDir Path dataDir;

    @TempDir Path otherDir;

    private static RequestSpecification api(EdgeProcess edge) {
        return given().baseUri("http://127.0.0.1").port(edge.managementPort()).basePath("/api/v1");
    }

    private static RequestSpecification changing(EdgeProcess edge) {
        return api(edge).header("X-Chiral-Admin", "test");
    }

    private static ApiDocument document(EdgeProcess edge) {
        return ApiDocument.parse(api(edge).get("/openapi.yaml").asString());
    }

    /// The answer, which has to be what the document says.
    private static Response checked(EdgeProcess edge, String path) {
        var document = document(edge);
        var answer = api(edge).get(path).then().statusCode(200).extract().response();
        document.check(document.schemaOf(path), answer.asString());
        return answer;
    }

    // --- what is told

    @Test
    void tellsWhoIsConnectedWhoHoldsASlotAndWhatCircuitsCarry() {
        var edge = processes.edge(dataDir, Map.of());
        var destination = processes.reserved(edge);
        var source = processes.peer(PeerLanguage.GO);
        source.connectThrough(edge, destination);
        source.call("sink", "peer", destination.id(), "bytes", PAYLOAD);

        var circuits =
                Patience.until(
                        PeerProcess.PATIENCE,
                        () -> checked(edge, "/circuits"),
                        answer -> answer.jsonPath().getLong("items[0].bytesForward") > PAYLOAD);

        circuits.then()
                .body("total", equalTo(1))
                .body("items[0].source", equalTo(source.id()))
                .body("items[0].destination", equalTo(destination.id()));
        assertThat(circuits.jsonPath().getLong("items[0].bytesBackward"))
                .isPositive()
                .isLessThan(PAYLOAD);
        checked(edge, "/reservations")
                .then()
                .body("items.peer", equalTo(List.of(destination.id())))
                .body("items[0].address", containsString("/ip4/127.0.0.1/tcp/"));
        checked(edge, "/peers")
                .then()
                .body("total", equalTo(2))
                .body("items.id", hasItem(source.id()))
                .body(
                        "items.find { it.id == '"
                                + destination.id()
                                + "' }.connections[0].direction",
                        equalTo("inbound"))
                .body(
                        "items.find { it.id == '" + destination.id() + "' }.protocols",
                        hasItem("/ipfs/ping/1.0.0"));
        checked(edge, "/status")
                .then()
                .body("peerId", equalTo(edge.peerId()))
                .body("now.state", equalTo("ready"))
                .body("now.reservations", equalTo(1))
                .body("now.circuits", equalTo(1))
                .body("addresses.announced", hasItem(edge.address()));
        Stream.of(
                        "/relay",
                        "/refusals",
                        "/cache",
                        "/cache/entries",
                        "/history",
                        "/lists",
                        "/drain",
                        "/reconnect")
                .forEach(path -> checked(edge, path));
    }

    @Test
    void pagesThroughItsPeers() {
        var edge = processes.edge(dataDir, Map.of());
        var one = processes.reserved(edge);
        var two = processes.reserved(edge);

        var first = api(edge).queryParam("limit", 1).get("/peers").jsonPath();
        var second =
                api(edge)
                        .queryParam("limit", 1)
                        .queryParam("after", first.getString("next"))
                        .get("/peers")
                        .jsonPath();

        assertThat(List.of(first.getString("items[0].id"), second.getString("items[0].id")))
                .containsExactlyInAnyOrder(one.id(), two.id());
        assertThat(second.getString("next")).isNull();
    }

    @Test
    void tellsHowFarARoundOfRedialsIs() throws Exception {
        Files.writeString(
                dataDir.resolve("peer_cache.json"),
                CachedEntry.file(
                        1,
                        Stream.generate(() ->
                                        CachedEntry.at(
                                                CachedEntry.anyPeerId(), "/ip4/127.0.0.1/tcp/1"))
                                .limit(3)));
        var edge = processes.edge(dataDir, Map.of());

        var round =
                Patience.until(
                        PeerProcess.PATIENCE,
                        () -> checked(edge, "/reconnect"),
                        answer -> answer.jsonPath().getBoolean("rounds[0].over"));

        round.then()
                .body("rounds[0].dialled", equalTo(3))
                .body("rounds[0].ended", equalTo(3))
                .body("rounds[0].outcomes.failed", equalTo(3));
    }

    @Test
    void tellsWhatHappensWhileItDoes() {
        var edge = processes.edge(dataDir, Map.of());
        try (var events = EventReader.open(edge, document(edge))) {
            events.await("status", event -> event.path("state").asText().equals("ready"));
            var destination = processes.reserved(edge);
            var source = processes.peer(PeerLanguage.GO);
            source.connectThrough(edge, destination);
            source.call("sink", "peer", destination.id(), "bytes", PAYLOAD);

            source.call("disconnect", "peer", destination.id());

            events.await(
                    "reservation",
                    event ->
                            event.path("peer").asText().equals(destination.id())
                                    && event.path("change").asText().equals("granted"));
            events.await(
                    "circuit",
                    event ->
                            event.path("source").asText().equals(source.id())
                                    && event.path("change").asText().equals("opened"));
            events.await(
                    "circuit",
                    event ->
                            event.path("change").asText().equals("closed")
                                    && event.path("bytesForward").asLong() > PAYLOAD);
            events.await("peer", event -> event.path("peer").asText().equals(source.id()));
            source.refused(
                    "connect",
                    "addr",
                    edge.address() + "/p2p-circuit/p2p/" + CachedEntry.anyPeerId());
            events.await(
                    "refusal", event -> event.path("reason").asText().equals("no_reservation"));
        }
    }

    // --- the cache

    @Test
    void aCacheGoesFromOneNodeToAnotherAndAPeerIsForgotten() throws Exception {
        var edge = processes.edge(dataDir, Map.of());
        var other = processes.edge(otherDir, Map.of());
        var destination = processes.reserved(edge);
        var source = processes.peer(PeerLanguage.GO);
        source.connectThrough(edge, destination);
        source.call("sink", "peer", destination.id(), "bytes", PAYLOAD);
        source.call("disconnect", "peer", destination.id());
        var document = document(edge);
        var exported =
                Patience.until(
                        PeerProcess.PATIENCE,
                        () -> api(edge).get("/cache/export").asString(),
                        text -> text.contains(source.id()) && text.contains(destination.id()));
        document.check("CacheFile", exported);

        var report =
                api(other).contentType("application/json").body(exported).post("/cache/import");

        document.check("Import", report.asString());
        report.then().statusCode(200).body("taken", equalTo(2)).body("fault", equalTo(null));
        assertThat(api(other).get("/cache/export").jsonPath().getList("peers"))
                .isEqualTo(io.restassured.path.json.JsonPath.from(exported).getList("peers"));
        api(other)
                .queryParam("id", source.id())
                .get("/cache/entries")
                .then()
                .body("items.peer", equalTo(List.of(source.id())));

        changing(other)
                .delete("/cache/entries/" + source.id())
                .then()
                .statusCode(200)
                .body("outcome", equalTo("saved"));

        assertThat(Files.readString(other.cacheFile()))
                .doesNotContain(source.id())
                .contains(destination.id());
        changing(other).delete("/cache/entries/" + source.id()).then().statusCode(404);
        changing(other).delete("/cache/entries/" + destination.id()).then().statusCode(200);
        assertThat(Files.readString(other.cacheFile())).doesNotContain(destination.id());
    }

    @Test
    void takesWhatIsSoundOfADamagedCacheAndNothingOfNone() {
        var edge = processes.edge(dataDir, Map.of());
        var good = CachedEntry.at(CachedEntry.anyPeerId(), "/ip4/192.0.2.1/tcp/4001");
        var damaged = CachedEntry.file(1, Stream.of(good)) + "}}} and more";

        api(edge)
                .contentType("application/json")
                .body(damaged)
                .post("/cache/import")
                .then()
                .statusCode(200)
                .body("taken", equalTo(1))
                .body("fault", startsWith("broken JSON at character"));
        api(edge)
                .contentType("application/json")
                .body("[1, 2")
                .post("/cache/import")
                .then()
                .statusCode(422)
                .contentType("application/problem+json");
        api(edge)
                .contentType("application/json")
                .body(" ".repeat((1 << 20) + 1))
                .post("/cache/import")
                .then()
                .statusCode(413);
    }

    // --- the relay and the drain

    @Test
    void isARelayAsLongAsTheOperatorWants() {
        var edge = processes.edge(dataDir, Map.of());
        var peer = processes.reserved(edge);

        api(edge)
                .contentType("application/json")
                .body("{\"relay\": \"off\"}")
                .put("/relay")
                .then()
                .statusCode(200)
                .body("on", equalTo(false))
                .body("reservations", equalTo(0));

        assertThat(peer.refused("reserve", "addr", edge.address()).path("error").asText())
                .isNotBlank();
        api(edge)
                .contentType("application/json")
                .body("{\"relay\": \"auto\"}")
                .put("/relay")
                .then()
                .body("on", equalTo(true))
                .body("byHand", equalTo("auto"));
        peer.call("reserve", "addr", edge.address());
        checked(edge, "/relay").then().body("reservations", equalTo(1));
    }

    @Test
    void drainsAtTheOperatorsWordAndGoesOnUntilItIsStopped() {
        var edge = processes.edge(dataDir, Map.of());
        var peer = processes.reserved(edge);

        changing(edge).post("/drain").then().statusCode(202);

        Patience.until(
                PeerProcess.PATIENCE,
                () -> edge.get("/q/health/ready").statusCode(),
                status -> status == 503);
        peer.awaitDisconnected(edge.peerId(), PeerProcess.PATIENCE);
        checked(edge, "/drain")
                .then()
                .body("draining", equalTo(true))
                .body("drained", equalTo(true));
        api(edge)
                .contentType("application/json")
                .body("{\"relay\": \"on\"}")
                .put("/relay")
                .then()
                .statusCode(409);
        edge.get("/api/ready").then().statusCode(503).body("ready", equalTo(false));
        assertThat(edge.stop(Duration.ofSeconds(20))).isEqualTo(143);
    }

    // --- Chiral's health paths

    @Test
    void answersWhereChiralsToolsLook() {
        var edge = processes.edge(dataDir, Map.of());

        edge.get("/health").then().statusCode(200).body(equalTo("OK"));
        edge.get("/api/health").then().statusCode(200).body("status", equalTo("ok"));
        edge.get("/api/ready")
                .then()
                .statusCode(200)
                .body("ready", equalTo(true))
                .body("dht", equalTo(true));
    }

    /// What needs no token names no peer.
    @Test
    void healthAndMetricsNameNoPeer() {
        var edge = processes.edge(dataDir, Map.of());
        var peer = processes.reserved(edge);

        Stream.of("/q/health", "/q/health/well", "/q/metrics", "/api/ready")
                .forEach(path -> edge.get(path).then().body(not(containsString(peer.id()))));
    }
}
