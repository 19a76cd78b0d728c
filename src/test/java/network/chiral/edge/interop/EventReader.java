// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import network.chiral.edge.node.api.ApiDocument;

/// Listens to the events of a node, each of which has to be what the document says.
final class EventReader implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Event(String name, JsonNode data) {}

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final BufferedReader lines;
    private final ApiDocument document;

    private EventReader(EdgeProcess edge, ApiDocument document)
            throws IOException, InterruptedException {
        this.document = document;
        var url = "http://127.0.0.1:" + edge.managementPort() + "/api/v1/events";
        var answer =
                client.send(
                        HttpRequest.newBuilder(URI.create(url)).build(),
                        HttpResponse.BodyHandlers.ofInputStream());
        lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
        Thread.ofVirtual().name("events").start(this::read);
    }

    static EventReader open(EdgeProcess edge, ApiDocument document) {
        try {
            return new EventReader(edge, document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void read() {
        try {
            var name = "";
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("event: ")) {
                    name = line.substring("event: ".length());
                } else if (line.startsWith("data: ")) {
                    events.add(new Event(name, JSON.readTree(line.substring("data: ".length()))));
                }
            }
        } catch (IOException e) {
            // closed by the test
        }
    }

    /// Until there was such an event.
    JsonNode await(String name, Predicate<JsonNode> which) {
        Patience.until(
                PeerProcess.PATIENCE, () -> events.toString(), _ -> find(name, which) != null);
        var found = find(name, which);
        document.check("EventData", JSON.createObjectNode().set(name, found));
        return found;
    }

    private JsonNode find(String name, Predicate<JsonNode> which) {
        return events.stream()
                .filter(event -> event.name().equals(name))
                .map(Event::data)
                .filter(which)
                .findFirst()
                .orElse(null);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
