// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// Peers that accept connections and never say a word, each with a port and an id of its own.
final class SilentPeers implements AutoCloseable {
    private static final int BACKLOG = 16;

    private final List<ServerSocket> servers = new ArrayList<>();
    private final List<CachedEntry> entries = new ArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();

    SilentPeers(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            var server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
            servers.add(server);
            entries.add(
                    CachedEntry.at(
                            CachedEntry.anyPeerId(),
                            "/ip4/127.0.0.1/tcp/" + server.getLocalPort()));
            Thread.ofVirtual().name("silent").start(() -> serve(server));
        }
    }

    private void serve(ServerSocket server) {
        while (!server.isClosed()) {
            try {
                var socket = server.accept();
                accepted.incrementAndGet();
                Thread.ofVirtual().name("silent").start(() -> readToTheEnd(socket));
            } catch (IOException e) {
                return; // closed: the test is over
            }
        }
    }

    private void readToTheEnd(Socket socket) {
        try (socket) {
            while (socket.getInputStream().read() >= 0) {
                // whatever it says
            }
        } catch (IOException e) {
            // a reset is an end as well
        }
        ended.incrementAndGet();
    }

    Stream<CachedEntry> entries() {
        return entries.stream();
    }

    /// Connections that came.
    int accepted() {
        return accepted.get();
    }

    /// Connections that came and went.
    int ended() {
        return ended.get();
    }

    @Override
    public void close() {
        for (var server : servers) {
            try {
                server.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
