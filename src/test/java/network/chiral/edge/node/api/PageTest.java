// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageTest {
    private record Thing(String id, double size) {}

    private static final Page<Thing> PAGE =
            new Page<>(Thing::id, Map.of("id", _ -> 0, "size", Thing::size), "id");

    private static JsonObject page(List<Thing> things, String... query) throws Problem.Found {
        var parameters = new HashMap<String, String>();
        for (int i = 0; i < query.length; i += 2) {
            parameters.put(query[i], query[i + 1]);
        }
        var call = new Call(Map.of(), parameters, new byte[0]);
        return PAGE.of(call, things, thing -> new JsonObject().put("id", thing.id()));
    }

    private static List<String> ids(JsonObject page) {
        return page.getJsonArray("items").stream()
                .map(item -> ((JsonObject) item).getString("id"))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "-id", "size", "-size"})
    void goingFromPageToPageMeetsEachEntryOnce(String sort) throws Problem.Found {
        var random = new Random(7);
        var things = new ArrayList<Thing>();
        for (int i = 0; i < 250; i++) {
            things.add(new Thing("t" + i, random.nextInt(10))); // many are equal
        }
        var met = new ArrayList<String>();

        var page = page(things, "sort", sort, "limit", "100");
        met.addAll(ids(page));
        while (page.getString("next") != null) {
            page = page(things, "sort", sort, "limit", "100", "after", page.getString("next"));
            met.addAll(ids(page));
        }

        assertThat(met).hasSize(250).doesNotHaveDuplicates();
        assertThat(page.getInteger("total")).isEqualTo(250);
    }

    @Test
    void anEntryThatIsGoneDoesNotHideTheNext() throws Problem.Found {
        var a = new Thing("a", 1);
        var b = new Thing("b", 2);
        var c = new Thing("c", 3);
        var first = page(List.of(a, b, c), "sort", "-size", "limit", "2");

        var second =
                page(
                        List.of(a, c),
                        "sort",
                        "-size",
                        "limit",
                        "2",
                        "after",
                        first.getString("next"));

        assertThat(ids(first)).containsExactly("c", "b");
        assertThat(ids(second)).containsExactly("a");
        assertThat(second.getString("next")).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "limit, 0",
        "limit, 1001",
        "limit, many",
        "sort, colour",
        "sort, --id",
        "after, %%%",
        "after, AAAA",
        "after, ''"
    })
    void refusesWhatMakesNoSense(String name, String value) {
        assertThatThrownBy(() -> page(List.of(), name, value))
                .isInstanceOf(Problem.Found.class)
                .hasMessageStartingWith(name);
    }
}
