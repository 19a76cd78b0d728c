// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api.resource;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.arc.All;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.util.List;
import java.util.TreeSet;
import network.chiral.edge.node.LoopbackProfile;
import network.chiral.edge.node.api.ApiDocument;
import network.chiral.edge.node.api.Resource;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The document says what the program does, no more and no less.
@QuarkusTest
@TestProfile(LoopbackProfile.class)
class OpenApiTest {
    @Inject @All List<Resource> resources;

    private static RequestSpecification management() {
        var url = ConfigProvider.getConfig().getValue("test.management.url", String.class);
        return given().baseUri(url.replaceAll("/q/?$", ""));
    }

    private static ApiDocument document() {
        return ApiDocument.parse(
                management()
                        .get("/api/v1/openapi.yaml")
                        .then()
                        .statusCode(200)
                        .extract()
                        .asString());
    }

    @Test
    void everyRouteIsInTheDocumentAndTheOtherWayRound() {
        var routes = new TreeSet<String>();
        for (var resource : resources) {
            resource.routes().forEach(route -> routes.add(route.method() + " " + route.path()));
        }

        assertThat(document().operations()).isEqualTo(routes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/status",
                "/peers",
                "/reservations",
                "/circuits",
                "/relay",
                "/refusals",
                "/cache",
                "/cache/entries",
                "/cache/export",
                "/reconnect",
                "/history",
                "/lists",
                "/drain"
            })
    void anEmptyNodeAnswersAsTheDocumentSays(String path) {
        var document = document();

        var answer = management().get("/api/v1" + path).then().statusCode(200).extract().asString();

        document.check(document.schemaOf(path), answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nothing", "/peers/12D3KooW", "/peers?limit=0", "/events?topics=all"})
    void saysWhyNotAsTheDocumentSays(String path) {
        var answer = management().get("/api/v1" + path);

        assertThat(answer.contentType()).isEqualTo("application/problem+json");
        document().check("Problem", answer.asString());
        assertThat(answer.jsonPath().getInt("status")).isEqualTo(answer.statusCode());
    }
}
