// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/// What a request is answered with.
///
/// @param type of the body; empty where there is none
/// @param headers beside those that every answer has
public record Answer(int status, String type, Buffer body, Map<String, String> headers) {
    static final String JSON = "application/json";

    private static final int OK = 200;
    private static final int ACCEPTED = 202;

    public Answer {
        headers = Map.copyOf(headers);
    }

    /// The value that was asked for.
    public static Answer ok(JsonObject json) {
        return new Answer(OK, JSON, json.toBuffer(), Map.of());
    }

    /// The list that was asked for.
    public static Answer ok(JsonArray json) {
        return new Answer(OK, JSON, json.toBuffer(), Map.of());
    }

    /// Something of another type.
    public static Answer of(String type, byte[] body, Map<String, String> headers) {
        return new Answer(OK, type, Buffer.buffer(body), headers);
    }

    /// It has begun; `json` says how far it is.
    public static Answer begun(JsonObject json) {
        return new Answer(ACCEPTED, JSON, json.toBuffer(), Map.of());
    }
}
