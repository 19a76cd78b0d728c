// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import network.chiral.edge.node.api.Problem.Kind;

/// Lists that are told in pages: `limit`, `sort` (with a minus for the largest first) and `after`, which is
/// `next` of the page before.
///
/// The cursor names the last entry and its place in the order, so entries that come and go between two
/// pages neither repeat nor hide others.
///
/// @param id names an entry; no two have the same
/// @param orders by name what an entry is sorted by; equal ones by their id
/// @param usual the name of the order without `sort`, with its minus
public record Page<T>(
        Function<T, String> id, Map<String, ToDoubleFunction<T>> orders, String usual) {
    /// Entries of a page, unless asked for another number.
    public static final int USUAL_LIMIT = 100;

    /// A page of so many peers is some 500 KB.
    public static final int MAX_LIMIT = 1_000;

    private static final int MAX_CURSOR = 512;

    public Page {
        orders = Map.copyOf(orders);
    }

    private record Key(double value, String id) {}

    private record Entry<T>(Key key, T value) {}

    /// The page that `call` asks for.
    ///
    /// @throws Problem.Found where a parameter makes no sense
    public <S extends T> JsonObject of(Call call, Collection<S> all, Function<S, JsonObject> view)
            throws Problem.Found {
        int limit = call.number("limit", USUAL_LIMIT, 1, MAX_LIMIT);
        var sort = call.query("sort").orElse(usual);
        boolean down = sort.startsWith("-");
        var by = orders.get(down ? sort.substring(1) : sort);
        if (by == null) {
            throw new Problem.Found(
                    Kind.BAD_REQUEST,
                    "sort has to be one of "
                            + new TreeMap<>(orders).keySet()
                            + ", or with a minus");
        }
        var order = order(down);
        var text = call.query("after");
        Optional<Key> after = text.isEmpty() ? Optional.empty() : Optional.of(parse(text.get()));
        var shown =
                all.stream()
                        .map(value ->
                                new Entry<S>(
                                        new Key(by.applyAsDouble(value), id.apply(value)), value))
                        .filter(entry ->
                                after.isEmpty() || order.compare(entry.key(), after.get()) > 0)
                        .sorted((a, b) -> order.compare(a.key(), b.key()))
                        .limit(limit + 1L)
                        .toList();
        boolean more = shown.size() > limit;
        var items = new JsonArray();
        shown.stream().limit(limit).forEach(entry -> items.add(view.apply(entry.value())));
        return new JsonObject()
                .put("items", items)
                .put("total", all.size())
                .put("next", more ? cursor(shown.get(limit - 1).key()) : null);
    }

    private static Comparator<Key> order(boolean down) {
        var order = Comparator.comparingDouble(Key::value);
        return (down ? order.reversed() : order).thenComparing(Key::id);
    }

    private static String cursor(Key key) {
        var text = Double.toHexString(key.value()) + " " + key.id();
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Key parse(String cursor) throws Problem.Found {
        try {
            if (cursor.length() <= MAX_CURSOR) {
                var text =
                        new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
                int space = text.indexOf(' ');
                if (space > 0) {
                    var value =
                            Double.parseDouble(text.substring(0, space).toUpperCase(Locale.ROOT));
                    return new Key(value, text.substring(space + 1));
                }
            }
        } catch (IllegalArgumentException e) {
            // falls to the one sentence below
        }
        throw new Problem.Found(Kind.BAD_REQUEST, "after has to be what next of another page was");
    }
}
