// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.testing;

import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.security.noise.NoiseKeys;
import network.chiral.edge.libp2p.swarm.AddressScope;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.ConnectionLimits;
import network.chiral.edge.libp2p.swarm.Dialer;
import network.chiral.edge.libp2p.swarm.ServedProtocol;
import network.chiral.edge.libp2p.swarm.StreamHandler;
import network.chiral.edge.libp2p.swarm.Swarm;
import network.chiral.edge.libp2p.transport.NameResolver;
import network.chiral.edge.libp2p.transport.TcpTransport;

/// A swarm on loopback that speaks what the test lets it speak, and nothing else.
public final class TestNode implements AutoCloseable {
    private final PeerId peerId;
    private final Swarm swarm;
    private final Dialer dialer;
    private final Multiaddr address;

    public TestNode(String name, EventLoopGroup loops, ConnectionLimits limits) throws IOException {
        var identity = TestKeys.identity(name);
        peerId = identity.peerId();
        var noise = new NoiseKeys(TestKeys.CRYPTO, identity, Swarm.MUXERS);
        swarm = new Swarm(new TcpTransport(loops, loops), noise, limits);
        dialer = new Dialer(swarm, new NameResolver(loops), AddressScope.ANY, Clock.systemUTC());
        address =
                Multiaddr.ofTcp(
                        swarm.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    }

    public TestNode(String name, EventLoopGroup loops) throws IOException {
        this(name, loops, ConnectionLimits.DEFAULT);
    }

    public PeerId peerId() {
        return peerId;
    }

    public Swarm swarm() {
        return swarm;
    }

    public Dialer dialer() {
        return dialer;
    }

    public Multiaddr address() {
        return address;
    }

    public void serve(ProtocolId protocol, StreamHandler handler) {
        swarm.serve(new ServedProtocol(protocol, handler, 1_000, Duration.ofMinutes(1)));
    }

    public Connection dial(TestNode other) throws IOException, InterruptedException {
        return dial(other.peerId, List.of(other.address));
    }

    public Connection dial(PeerId peer, List<Multiaddr> addresses)
            throws IOException, InterruptedException {
        return dialer.dial(peer, addresses, true);
    }

    @Override
    public void close() {
        swarm.close();
    }
}
