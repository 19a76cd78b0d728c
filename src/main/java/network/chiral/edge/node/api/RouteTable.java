// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/// Which route a path and a method lead to.
final class RouteTable {
    /// Where a request leads.
    sealed interface Match {
        /// To a route.
        ///
        /// @param places what stands in the places of its path
        record Found(Route route, Map<String, String> places) implements Match {}

        /// To a path that takes other methods.
        record OtherMethods(SortedSet<String> allowed) implements Match {}

        /// Nowhere.
        record Nowhere() implements Match {}
    }

    private final List<Route> routes;

    RouteTable(List<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    /// @param path below `/api/v1`
    Match find(String method, String path) {
        var others = new TreeSet<String>();
        var words = words(path);
        for (var route : routes) {
            var places = new HashMap<String, String>();
            if (fits(words(route.path()), words, places)) {
                var methods = methods(route);
                if (methods.contains(method)) {
                    return new Match.Found(route, places);
                }
                others.addAll(methods);
            }
        }
        return others.isEmpty() ? new Match.Nowhere() : new Match.OtherMethods(others);
    }

    /// What is answered once can be asked without its body too.
    private static List<String> methods(Route route) {
        return route instanceof Route.Plain && route.method().equals("GET")
                ? List.of("GET", "HEAD")
                : List.of(route.method());
    }

    private static List<String> words(String path) {
        return new ArrayList<>(List.of(path.split("/", -1)));
    }

    private static boolean fits(
            List<String> pattern, List<String> words, Map<String, String> places) {
        if (pattern.size() != words.size()) {
            return false;
        }
        for (int i = 0; i < words.size(); i++) {
            var part = pattern.get(i);
            if (part.startsWith("{") && !words.get(i).isEmpty()) {
                places.put(part.substring(1, part.length() - 1), words.get(i));
            } else if (!part.equals(words.get(i))) {
                return false;
            }
        }
        return true;
    }
}
