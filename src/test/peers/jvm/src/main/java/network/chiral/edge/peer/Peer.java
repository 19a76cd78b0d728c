// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.peer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.jar.Manifest;

/** A real jvm-libp2p peer that the interop tests drive over JSON lines. */
public final class Peer {
    static final ObjectMapper JSON = new ObjectMapper();

    private Peer() {}

    public static void main(String[] flags) throws Exception {
        var listen = new ArrayList<String>();
        var seed = "0";
        var agent = "chiral-test-peer/jvm";
        for (int i = 0; i + 1 < flags.length; i += 2) {
            switch (flags[i]) {
                case "--listen" -> listen.add(flags[i + 1]);
                case "--seed" -> seed = flags[i + 1];
                case "--agent" -> agent = flags[i + 1];
                default -> throw new IllegalArgumentException("unknown flag " + flags[i]);
            }
        }
        var node = new Node(seed, agent, listen);
        node.start();
        var ready = JSON.createObjectNode().put("event", "ready").put("peer", node.peerId());
        ready.put("library", "jvm-libp2p");
        ready.put("version", version());
        var addresses = ready.putArray("addrs");
        node.addresses().forEach(addresses::add);
        emit(ready);
        serve(new Commands(node));
        System.exit(0); // the library leaves threads of its own behind
    }

    private static String version() throws IOException {
        try (var manifest = Peer.class.getResourceAsStream("/META-INF/MANIFEST.MF")) {
            return new Manifest(manifest).getMainAttributes().getValue("Jvm-Libp2p-Version");
        }
    }

    private static void serve(Commands commands) throws IOException {
        var work = Executors.newCachedThreadPool();
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (var line = in.readLine(); line != null; line = in.readLine()) {
            var command = JSON.readTree(line);
            if (command.path("cmd").asText().equals("quit")) {
                emit(result(command).put("ok", true));
                return;
            }
            work.execute(() -> emit(carryOut(commands, command)));
        }
    }

    private static ObjectNode carryOut(Commands commands, JsonNode command) {
        long start = System.nanoTime();
        var result = result(command);
        try {
            result.put("ok", true).setAll(commands.run(command));
        } catch (Exception | LinkageError e) {
            result.put("ok", false).put("error", describe(e));
        }
        return result.put("ms", (System.nanoTime() - start) / 1e6);
    }

    private static String describe(Throwable fault) {
        var cause = fault;
        while (cause.getCause() != null
                && (cause instanceof ExecutionException || cause instanceof CompletionException)) {
            cause = cause.getCause();
        }
        return String.valueOf(cause);
    }

    private static ObjectNode result(JsonNode command) {
        return JSON.createObjectNode().put("event", "result").set("id", command.get("id"));
    }

    static synchronized void emit(JsonNode line) {
        System.out.println(line);
        System.out.flush();
    }
}
