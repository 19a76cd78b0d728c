// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.startsWith;

import io.netty.channel.nio.NioEventLoopGroup;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import network.chiral.edge.libp2p.crypto.CryptoProviders;
import network.chiral.edge.libp2p.host.Host;
import network.chiral.edge.libp2p.host.HostSettings;
import network.chiral.edge.libp2p.identity.Identity;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.swarm.AddressScope;
import network.chiral.edge.node.cache.PeerHistory;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/// The whole application on the JVM, asked over HTTP and by a second host of its own kind.
@QuarkusTest
@TestProfile(LoopbackProfile.class)
class NodeTest {
    @Inject Host host;
    @Inject PeerHistory history;

    @Test
    void isAliveStartedReadyAndEmpty() {
        for (var probe : List.of("live", "started", "ready", "well")) {
            management()
                    .get("/q/health/" + probe)
                    .then()
                    .statusCode(200)
                    .body("status", equalTo("UP"));
        }
        management()
                .get("/q/health/well")
                .then()
                .body("checks.data.state", hasItem("empty"))
                .body("checks.data.lastSaveOutcome", hasItem("none"));
    }

    @Test
    void saysWhichTransportAndCryptoItUses() {
        management()
                .get("/q/health/live")
                .then()
                .body("checks[0].data.transport", equalTo(host.transportName()))
                .body("checks[0].data.crypto", startsWith("libcrypto"));
    }

    @Test
    void countsUnderTheNamesOfGoLibp2p() {
        management()
                .get("/q/metrics")
                .then()
                .statusCode(200)
                .body(containsString("libp2p_relaysvc_status 1.0"))
                .body(containsString("libp2p_relaysvc_data_transferred_bytes_total"))
                .body(containsString("libp2p_rcmgr_blocked_resources{dir=\"inbound\""))
                .body(containsString("chiral_cache_peers"))
                .body(containsString("chiral_relay_reservations_limit 4096.0"));
    }

    @Test
    void remembersAPeerThatConnects() throws Exception {
        var crypto = CryptoProviders.select("java").provider();
        var loops = new NioEventLoopGroup(1);
        var settings =
                new HostSettings(crypto, Identity.random(crypto))
                        .listen(List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")))
                        .scope(AddressScope.ANY);
        try (var peer = new Host(settings, loops, loops, Clock.systemUTC())) {
            peer.start();
            int before = history.size();

            var connection = peer.dial(host.peerId(), host.announced(), false);

            assertThat(peer.ping(connection)).isPositive();
            assertThat(history.size()).isEqualTo(before + 1);
        } finally {
            loops.shutdownGracefully();
        }
    }

    private static io.restassured.specification.RequestSpecification management() {
        var url = ConfigProvider.getConfig().getValue("test.management.url", String.class);
        return given().baseUri(url.replaceAll("/q/?$", ""));
    }
}
