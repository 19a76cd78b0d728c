// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api;

import io.vertx.core.http.HttpServerResponse;

/// Something that can be asked or told.
public sealed interface Route {
    /// Bytes of a body that says one thing.
    int SMALL = 4 << 10;

    /// Bytes of any body: what quarkus.management.limits.max-body-size lets in. A full peer cache has some
    /// 50 KB.
    int LARGE = 1 << 20;

    String method();

    /// Below `/api/v1`, with names in braces for places: `/cache/entries/{peerId}`.
    String path();

    /// Bytes of a body at most; 0 where none is taken.
    default int maxBody() {
        return 0;
    }

    /// One that is answered once, by a thread that may wait.
    record Plain(String method, String path, int maxBody, Handler handler) implements Route {}

    /// One whose answer goes on until somebody ends it.
    record Live(String path, Stream stream) implements Route {
        @Override
        public String method() {
            return "GET";
        }
    }

    /// Answers a call.
    @FunctionalInterface
    interface Handler {
        /// @throws Problem.Found where it cannot
        Answer answer(Call call) throws Problem.Found;
    }

    /// Begins an answer; called on an event loop.
    @FunctionalInterface
    interface Stream {
        /// @throws Problem.Found where it cannot; nothing has been written then
        void begin(Call call, HttpServerResponse response) throws Problem.Found;
    }

    static Route get(String path, Handler handler) {
        return new Plain("GET", path, 0, handler);
    }

    static Route delete(String path, Handler handler) {
        return new Plain("DELETE", path, 0, handler);
    }

    /// One that is told something without a body.
    static Route post(String path, Handler handler) {
        return new Plain("POST", path, 0, handler);
    }

    /// One that takes a body.
    static Route taking(String method, String path, int maxBody, Handler handler) {
        return new Plain(method, path, maxBody, handler);
    }
}
