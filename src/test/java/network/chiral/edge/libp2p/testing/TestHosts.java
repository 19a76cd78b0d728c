// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.testing;

import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import network.chiral.edge.libp2p.host.Host;
import network.chiral.edge.libp2p.host.HostSettings;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.relay.RelayLimits;
import network.chiral.edge.libp2p.swarm.AddressScope;
import network.chiral.edge.libp2p.swarm.ConnectionLimits;

/// Hosts on loopback, with the settings of a node but for what the test is about.
public final class TestHosts {
    private TestHosts() {}

    public static Host start(String name, EventLoopGroup loops) throws IOException {
        return start(name, loops, RelayLimits.CHIRAL, ConnectionLimits.DEFAULT);
    }

    public static Host start(
            String name, EventLoopGroup loops, RelayLimits relay, ConnectionLimits connections)
            throws IOException {
        return start(settings(name).relay(relay).connections(connections), loops);
    }

    /// A host that is what `settings` say.
    public static Host start(HostSettings settings, EventLoopGroup loops) throws IOException {
        var host = new Host(settings, loops, loops, Clock.systemUTC());
        host.start();
        return host;
    }

    /// Settings of a host on loopback, to be changed for what a test is about.
    public static HostSettings settings(String name) {
        return new HostSettings(TestKeys.CRYPTO, TestKeys.identity(name))
                .listen(List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")))
                .scope(AddressScope.ANY)
                .agentVersion("test/" + name);
    }

    /// The usual limits, with another deadline for handshakes and another number of connections.
    public static ConnectionLimits limits(int connections, Duration handshakeDeadline) {
        var usual = ConnectionLimits.DEFAULT;
        return new ConnectionLimits(
                connections,
                usual.inboundHandshakes(),
                handshakeDeadline,
                usual.keepAlive(),
                usual.windowGrowthBytes());
    }
}
