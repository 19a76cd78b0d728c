// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import network.chiral.edge.node.api.RouteTable.Match;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTableTest {
    private static final Route LIST = Route.get("/peers", _ -> Answer.ok(new JsonObject()));
    private static final Route ONE = Route.get("/peers/{peerId}", _ -> Answer.ok(new JsonObject()));
    private static final Route FORGET =
            Route.delete("/peers/{peerId}", _ -> Answer.ok(new JsonObject()));

    private final RouteTable routes = new RouteTable(List.of(LIST, ONE, FORGET));

    @Test
    void findsARouteByItsPathAndMethod() {
        assertThat(routes.find("GET", "/peers")).isEqualTo(new Match.Found(LIST, Map.of()));
        assertThat(routes.find("HEAD", "/peers")).isEqualTo(new Match.Found(LIST, Map.of()));
        assertThat(routes.find("DELETE", "/peers/12D3"))
                .isEqualTo(new Match.Found(FORGET, Map.of("peerId", "12D3")));
    }

    @Test
    void saysWhichMethodsAPathTakes() {
        assertThat(routes.find("PUT", "/peers/12D3"))
                .isEqualTo(new Match.OtherMethods(new TreeSet<>(List.of("DELETE", "GET", "HEAD"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "/", "/peer", "/peers/", "/peers/a/b", "//peers", "/peers/../peers"})
    void findsNothingElsewhere(String path) {
        assertThat(routes.find("GET", path)).isEqualTo(new Match.Nowhere());
    }
}
