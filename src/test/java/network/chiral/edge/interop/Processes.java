// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import network.chiral.edge.conformance.PeersMet;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Starts nodes and peers, kills all of them in the end, and prints their logs where a test failed.
///
/// In an instance field they live as long as the test; in a static one, as long as the class.
final class Processes implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
    private final List<ChildProcess> running = new ArrayList<>();
    private boolean forTheClass;

    /// A node that listens on loopback.
    EdgeProcess edge(Path dataDir, Map<String, String> settings) {
        return edge(List.of(), dataDir, settings);
    }

    /// A node in another network, into which `prefix` leads.
    EdgeProcess edge(List<String> prefix, Path dataDir, Map<String, String> settings) {
        var edge = EdgeProcess.launch(prefix, dataDir, settings);
        running.add(edge.process());
        return edge;
    }

    /// A peer; skips the test where its toolchain is missing.
    PeerProcess peer(PeerLanguage language, String... flags) {
        return started(PeerProcess.launch(language, flags));
    }

    /// A peer of another library, by its own command.
    PeerProcess peer(String language, String library, List<String> command, String... flags) {
        return started(PeerProcess.launch(language, library, command, flags));
    }

    /// A go peer that holds a slot at `relay`.
    PeerProcess reserved(EdgeProcess relay) {
        var peer = peer(PeerLanguage.GO);
        peer.call("connect", "addr", relay.address());
        peer.call("reserve", "addr", relay.address());
        return peer;
    }

    private PeerProcess started(PeerProcess peer) {
        running.add(peer.process());
        return peer.awaitReady();
    }

    /// The load generator of the go peer.
    ChildProcess load(String... arguments) {
        var command = new ArrayList<>(PeerLanguage.GO.command());
        command.add("load");
        command.addAll(List.of(arguments));
        var load = new ChildProcess("load", command, Map.of());
        running.add(load);
        PeersMet.met(PeerLanguage.GO.library());
        return load;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        forTheClass = true;
    }

    @Override
    @SuppressWarnings("SystemOut") // the report of a failed test belongs there
    public void afterEach(ExtensionContext context) {
        if (context.getExecutionException().isPresent()) {
            System.out.println("=== processes of " + context.getDisplayName());
            running.forEach(process -> System.out.print(process.log()));
        }
        if (!forTheClass) {
            killAll();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        killAll();
    }

    private void killAll() {
        running.forEach(ChildProcess::close);
        running.clear();
    }
}
