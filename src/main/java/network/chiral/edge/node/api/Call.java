// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/// A request that may be, as a resource sees it.
///
/// @param places what stood in the places of the path, by name
/// @param query the parameters behind the path
/// @param body empty where the route takes none
public record Call(Map<String, String> places, Map<String, String> query, byte[] body) {
    public Call {
        places = Map.copyOf(places);
        query = Map.copyOf(query);
    }

    /// What stood in a place of the path.
    public String place(String name) {
        return places.getOrDefault(name, "");
    }

    public Optional<String> query(String name) {
        return Optional.ofNullable(query.get(name));
    }

    /// A number of the query.
    ///
    /// @throws Problem.Found where it is none from `min` to `max`
    public int number(String name, int otherwise, int min, int max) throws Problem.Found {
        var text = query(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text.get());
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // falls to the one sentence below
        }
        throw new Problem.Found(
                Problem.Kind.BAD_REQUEST,
                name + " has to be a whole number from " + min + " to " + max);
    }

    /// The body as an object.
    ///
    /// @throws Problem.Found where it is none
    public JsonObject object() throws Problem.Found {
        try {
            return new JsonObject(new String(body, StandardCharsets.UTF_8));
        } catch (DecodeException e) {
            throw new Problem.Found(
                    Problem.Kind.BAD_REQUEST, "the body has to be an object of JSON");
        }
    }
}
