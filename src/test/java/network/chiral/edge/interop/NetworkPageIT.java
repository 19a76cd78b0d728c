// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The Network page in a real browser: a node that is empty, one that warms up, and a busy one.
///
/// Pictures of all of them are left in `target/network-page`, to be looked at.
class NetworkPageIT {
    private static final Path DRIVER = Path.of("src/test/peers/browser").toAbsolutePath();
    private static final Path PICTURES = Path.of("target/network-page").toAbsolutePath();
    private static final int PAYLOAD = 3_000_000;
    private static final int PHONE = 360; // CSS pixels of a small one

    @RegisterExtension final Processes processes = new Processes();

    @TempDir Path dataDir;

    private PeerProcess browser;

    @BeforeEach
    void startsABrowser() throws IOException {
        assumeTrue(
                Files.exists(DRIVER.resolve("node_modules")),
                "src/test/peers/build.sh browser has not been run");
        Files.createDirectories(PICTURES);
        browser =
                processes.peer(
                        "browser",
                        "chromium",
                        List.of("node", DRIVER.resolve("browser.mjs").toString()));
    }

    private void open(EdgeProcess edge, String scheme, int width) {
        var url = "http://127.0.0.1:%d/".formatted(edge.managementPort());
        assertThat(
                        browser.call("open", "url", url, "scheme", scheme, "width", width)
                                .get("status")
                                .asInt())
                .isEqualTo(200);
    }

    private void awaitText(String selector, String text) {
        browser.call("awaitText", "selector", selector, "text", text);
    }

    private String text(String selector) {
        return browser.call("text", "selector", selector).get("text").asText();
    }

    private void picture(String name) {
        browser.call("screenshot", "file", PICTURES.resolve(name + ".png").toString());
    }

    /// Nothing that axe-core finds, nothing that a script or the browser complains of.
    private void isSound() {
        assertThat(browser.call("axe").get("violations")).isEmpty();
        assertThat(browser.call("complaints").get("complaints")).isEmpty();
        assertThat(browser.call("overflows").get("overflows").asBoolean()).isFalse();
    }

    // --- three nodes

    @ParameterizedTest
    @CsvSource({"light, 1280", "dark, 1280", "light, 360", "dark, 360"})
    void saysOfAnEmptyNodeWhatThereIsNot(String scheme, int width) {
        var edge = processes.edge(dataDir, Map.of());

        open(edge, scheme, width);
        awaitText("#live", "Live");

        awaitText("#state", "Ready");
        assertThat(text("#peer-id")).isEqualTo(edge.peerId());
        assertThat(text("#circuits")).isEqualTo("No circuit stands now.");
        assertThat(text("#slots")).isEqualTo("No peer holds a slot.");
        assertThat(text("#connected")).isEqualTo("No peer is connected.");
        assertThat(text("#entries")).isEqualTo("No peer is in the cache.");
        assertThat(text("#reasons")).isEqualTo("Nothing has been refused.");
        assertThat(text("#round")).startsWith("Nobody has been redialled");
        assertThat(text("#reachability")).contains(edge.address());
        picture("empty-%s-%d".formatted(scheme, width));
        isSound();
    }

    @Test
    void showsHowFarTheRedialsOfAWarmingNodeAreUntilTheyAreOver() throws IOException {
        try (var silent = new SilentPeers(100)) {
            CachedEntry.write(dataDir.resolve("peer_cache.json"), silent.entries());
            var edge = processes.edge(dataDir, Map.of());

            open(edge, "light", 1280);
            awaitText("#round", "of 100 dials are over");
            picture("warming-light-1280");
            assertThat(text("#round")).matches("(?s)Round 1: .*0 connected.*");

            browser.call("awaitHidden", "selector", "#round progress");

            assertThat(text("#rounds tbody")).contains("100", "0 %", "timed out");
            awaitText("#t-hit", "0 %");
            assertThat(text("#t-warm-note")).isEqualTo("0 of 100 cached peers connected");
            picture("cold-light-1280");
            isSound();
        }
    }

    @ParameterizedTest
    @CsvSource({"light, 1280", "dark, 360"})
    void showsSlotsCircuitsAndRefusalsOfABusyNodeWhileTheyCome(String scheme, int width)
            throws IOException {
        CachedEntry.write(
                dataDir.resolve("peer_cache.json"),
                Stream.generate(() ->
                                CachedEntry.at(CachedEntry.anyPeerId(), "/ip4/127.0.0.1/tcp/1"))
                        .limit(40));
        var edge = processes.edge(dataDir, Map.of("CHIRAL_RELAY_PRESET", "unlimited"));
        open(edge, scheme, width);
        awaitText("#live", "Live");

        var destination = processes.reserved(edge);
        var another = processes.reserved(edge);
        var source = processes.peer(PeerLanguage.GO);
        source.connectThrough(edge, destination);
        source.connectThrough(edge, another);
        source.call("sink", "peer", destination.id(), "bytes", PAYLOAD);
        source.refused(
                "connect", "addr", edge.address() + "/p2p-circuit/p2p/" + CachedEntry.anyPeerId());

        awaitText("#t-circuits", "2");
        awaitText("#circuits tbody", "2.9 MiB");
        awaitText("#slots tbody", tail(destination));
        awaitText("#connected tbody", tail(source));
        awaitText("#reasons", "no reservation");
        awaitText("#log", "Circuit opened");
        awaitText("#entries .pager", "1 to 25 of");
        picture("busy-%s-%d".formatted(scheme, width));
        isSound();
        source.call("disconnect", "peer", destination.id());
        awaitText("#log", "Circuit closed");
    }

    /// What the page shows of an id.
    private static String tail(PeerProcess peer) {
        return peer.id().substring(peer.id().length() - 8);
    }

    // --- how it is used

    @Test
    void isUsedWithoutAMouse() throws IOException {
        CachedEntry.write(
                dataDir.resolve("peer_cache.json"),
                Stream.generate(() ->
                                CachedEntry.at(CachedEntry.anyPeerId(), "/ip4/127.0.0.1/tcp/1"))
                        .limit(30));
        var edge = processes.edge(dataDir, Map.of());
        open(edge, "light", 1280);
        awaitText("#entries .pager", "1 to 25 of 30");

        browser.call("press", "key", "Tab");
        assertThat(browser.call("focused").get("focused").asText()).isEqualTo("Skip to content");
        browser.call("press", "key", "Enter");
        assertThat(browser.call("focused").get("focused").asText()).isEqualTo("main");
        browser.call("focus", "selector", "#entries th button >> nth=0");
        browser.call("press", "key", "Enter");
        awaitText("#entries th[aria-sort=ascending]", "Peer");
        browser.call("focus", "selector", "#entries .pager button >> nth=1");
        browser.call("press", "key", "Enter");
        awaitText("#entries .pager", "26 to 30 of 30");
        browser.call("focus", "selector", "#charts svg >> nth=0");
        browser.call("press", "key", "Home");

        assertThat(text("#charts .readout >> nth=0")).doesNotStartWith("now");
        assertThat(
                        browser.call("attribute", "selector", "#charts svg", "name", "aria-label")
                                .get("value")
                                .asText())
                .startsWith("Cache warmth and hit rate. ");
    }

    @Test
    void asksForTheTokenThatTheNodeAsksFor() throws IOException {
        var token = "a-token-of-more-than-thirty-two-characters";
        var file = dataDir.resolve("token");
        Files.writeString(file, token + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        var edge = processes.edge(dataDir, Map.of("CHIRAL_ADMIN_TOKEN_FILE", file.toString()));

        open(edge, "light", PHONE);
        awaitText("#login", "Admin token");
        assertThat(text("#peer-id")).isEmpty();
        picture("token-light-360");
        browser.call("fill", "selector", "#token", "text", "x".repeat(40));
        browser.call("press", "key", "Enter");
        awaitText("#login-why", "refused");
        browser.call("fill", "selector", "#token", "text", token);
        browser.call("press", "key", "Enter");

        awaitText("#state", "Ready");
        assertThat(text("#peer-id")).isEqualTo(edge.peerId());
    }

    @Test
    void goesOnByItselfWhenTheNodeIsBack() {
        var edge = processes.edge(dataDir, Map.of());
        int port = edge.managementPort();
        open(edge, "light", 1280);
        awaitText("#live", "Live");

        edge.stop(PeerProcess.PATIENCE);
        awaitText("#live", "Connection lost");
        processes.edge(dataDir, Map.of("QUARKUS_MANAGEMENT_PORT", Integer.toString(port)));

        awaitText("#live", "Live");
        awaitText("#state", "Ready");
    }
}
