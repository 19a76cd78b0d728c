// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static network.chiral.edge.node.cache.Peers.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.relay.RelayLimits;
import network.chiral.edge.libp2p.swarm.AddressScope;
import network.chiral.edge.node.NodeSettings;
import org.junit.jupiter.api.Test;

class CachedPeerValueTest {
    private static final PeerId ALICE = peer("alice");
    private static final PeerId BOB = peer("bob");
    private static final PeerId CAROL = peer("carol");
    private static final String HOME = "/ip4/198.51.100.1/tcp/4001";

    private final PeerHistory history = new PeerHistory(CacheRules.DEFAULT, 1_000);
    private final CachedPeerValue value =
            new CachedPeerValue(
                    history,
                    new NodeSettings(
                            Path.of("data"),
                            List.of(),
                            List.of(),
                            AddressScope.PUBLIC,
                            List.of(Multiaddr.parse(HOME + "/p2p/" + CAROL)),
                            Path.of("key"),
                            Optional.empty(),
                            Optional.empty(),
                            RelayLimits.CHIRAL),
                    Clock.fixed(NOON, ZoneOffset.UTC));

    @Test
    void sparesAPeerThatTheCacheWouldSaveAndNoStranger() {
        history.onConnected(ALICE.toString(), List.of(HOME), NOON);
        history.onTransfer(ALICE.toString(), 5_000, true, NOON);
        history.onConnected(BOB.toString(), List.of(HOME), NOON);

        assertThat(value.isProtected(ALICE)).isTrue();
        assertThat(value.value(ALICE)).isPositive();
        assertThat(value.isProtected(BOB)).isFalse();
        assertThat(value.value(BOB)).isZero();
    }

    @Test
    void sparesABootstrapPeer() {
        assertThat(value.isProtected(CAROL)).isTrue();
    }
}
