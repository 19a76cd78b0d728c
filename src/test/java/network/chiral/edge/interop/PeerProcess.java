// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import network.chiral.edge.conformance.PeersMet;

/// A peer of another library, told what to do by the protocol of `src/test/peers/README.md`.
final class PeerProcess {
    /// What a command gets to work, and a peer to start.
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final String language;
    private final String library;
    private final ChildProcess process;
    private final AtomicInteger commands = new AtomicInteger();

    private PeerProcess(String language, String library, ChildProcess process) {
        this.language = language;
        this.library = library;
        this.process = process;
    }

    static PeerProcess launch(PeerLanguage language, String... flags) {
        return launch(language.toString(), language.library(), language.command(), flags);
    }

    /// Starts a peer of another library by its own command.
    static PeerProcess launch(
            String language, String library, List<String> start, String... flags) {
        var command = new ArrayList<>(start);
        command.addAll(List.of(flags));
        var process = new ChildProcess(language + " peer", command, Map.of());
        return new PeerProcess(language, library, process);
    }

    PeerProcess awaitReady() {
        ready();
        return this;
    }

    private JsonNode ready() {
        return awaitEvent("ready", _ -> true, PATIENCE);
    }

    ChildProcess process() {
        return process;
    }

    String id() {
        return ready().get("peer").asText();
    }

    /// Where it listens, with its id.
    String address() {
        return ready().get("addrs").get(0).asText();
    }

    // --- commands

    /// A command under way.
    final class Pending {
        private final int id;
        private final String text;
        private final Duration patience;

        private Pending(int id, String text, Duration patience) {
            this.id = id;
            this.text = text;
            this.patience = patience;
        }

        /// The result, whatever it is.
        JsonNode await() {
            return PeerProcess.this.await(
                    line ->
                            line.path("event").asText().equals("result")
                                    && line.path("id").asInt(-1) == id,
                    "answer to " + text,
                    patience.plus(GRACE));
        }

        /// The result, which has to be a good one.
        JsonNode get() {
            var result = await();
            assertThat(result.get("ok").asBoolean())
                    .as("%s: %s -> %s", language, text, result)
                    .isTrue();
            return result;
        }
    }

    /// Sends a command and does not wait.
    ///
    /// @param fields names and values by turns
    Pending send(String command, Object... fields) {
        int id = commands.incrementAndGet();
        var object = JSON.createObjectNode().put("id", id).put("cmd", command);
        for (int i = 0; i < fields.length; i += 2) {
            object.putPOJO((String) fields[i], fields[i + 1]);
        }
        var patience = Duration.ofMillis(object.path("timeout_ms").asLong(PATIENCE.toMillis()));
        var text = object.toString();
        PeersMet.met(library);
        process.write(text);
        return new Pending(id, text, patience);
    }

    /// Has a command carried out.
    JsonNode call(String command, Object... fields) {
        return send(command, fields).get();
    }

    /// Has a command refused.
    JsonNode refused(String command, Object... fields) {
        var result = send(command, fields).await();
        assertThat(result.get("ok").asBoolean()).as("%s: %s", command, result).isFalse();
        return result;
    }

    /// Connects through the relay to a peer that has a reservation there.
    JsonNode connectThrough(EdgeProcess relay, PeerProcess destination) {
        return call("connect", "addr", circuit(relay, destination));
    }

    static String circuit(EdgeProcess relay, PeerProcess destination) {
        return relay.address() + "/p2p-circuit/p2p/" + destination.id();
    }

    // --- events

    JsonNode awaitEvent(String name, Predicate<JsonNode> which, Duration patience) {
        return await(
                line -> line.path("event").asText().equals(name) && which.test(line),
                "event " + name,
                patience);
    }

    /// Until the last connection with the other one is gone.
    void awaitDisconnected(String peer, Duration patience) {
        awaitEvent("disconnected", event -> event.path("peer").asText().equals(peer), patience);
    }

    private JsonNode await(Predicate<JsonNode> which, String what, Duration patience) {
        return process.await(
                ChildProcess.Source.OUT,
                line -> Optional.of(parse(line)).filter(which),
                what,
                patience);
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not a line of the driver protocol: " + line, e);
        }
    }

    @Override
    public String toString() {
        return language + " peer";
    }
}
