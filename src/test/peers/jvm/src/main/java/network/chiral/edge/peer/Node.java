// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.peer;

import com.google.protobuf.ByteString;
import identify.pb.IdentifyOuterClass;
import io.libp2p.core.Connection;
import io.libp2p.core.Host;
import io.libp2p.core.PeerId;
import io.libp2p.core.crypto.PrivKey;
import io.libp2p.core.dsl.BuilderJ;
import io.libp2p.core.dsl.HostBuilder;
import io.libp2p.core.multiformats.Multiaddr;
import io.libp2p.core.multistream.ProtocolBinding;
import io.libp2p.core.mux.StreamMuxerProtocol;
import io.libp2p.crypto.keys.Ed25519Kt;
import io.libp2p.protocol.Identify;
import io.libp2p.protocol.Ping;
import io.libp2p.protocol.circuit.CircuitHopProtocol;
import io.libp2p.protocol.circuit.CircuitStopProtocol;
import io.libp2p.protocol.circuit.RelayTransport;
import io.libp2p.security.noise.NoiseXXSecureChannel;
import io.libp2p.transport.tcp.TcpTransport;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A jvm-libp2p host: TCP, Noise, Yamux, identify, ping, echo, and the circuit's client side. */
final class Node {
    private final PrivKey key;
    private final Host host;
    private final Ping ping = new Ping();
    private final Echo.Binding echo = new Echo.Binding();
    private final CircuitStopProtocol.Binding stop =
            new CircuitStopProtocol.Binding(new CircuitStopProtocol());
    private final CircuitHopProtocol.Binding hop;
    private final Map<PeerId, Connection> connections = new ConcurrentHashMap<>();

    Node(String seed, String agent, List<String> listen) throws NoSuchAlgorithmException {
        key = key(seed);
        var us = PeerId.fromPubKey(key.publicKey());
        // it gives no slot: this peer is a client only
        var noRelay = CircuitHopProtocol.RelayManager.limitTo(key, us, 0);
        hop = new CircuitHopProtocol.Binding(noRelay, stop);
        host =
                new HostBuilder(HostBuilder.DefaultMode.None)
                        .builderModifier(b -> modify(b, agent, listen))
                        .transport(TcpTransport::new)
                        .secureChannel(NoiseXXSecureChannel::new)
                        .muxer(StreamMuxerProtocol::getYamux)
                        .listen(listen.toArray(String[]::new))
                        .build();
        host.addConnectionHandler(this::onConnection);
    }

    /** The Ed25519 key of a seed: the same in all peers. */
    private static PrivKey key(String seed) throws NoSuchAlgorithmException {
        var bytes = new byte[32];
        if (seed.equals("0")) {
            new SecureRandom().nextBytes(bytes);
        } else {
            var text = "chiral-test-peer/" + seed;
            bytes =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
        }
        return Ed25519Kt.unmarshalEd25519PrivateKey(bytes);
    }

    private void modify(BuilderJ builder, String agent, List<String> listen) {
        builder.getIdentity().setFactory(() -> key);
        builder.getProtocols().addAll(List.of(ping, echo, hop, stop, identify(agent, listen)));
        var timer = Executors.newSingleThreadScheduledExecutor();
        builder.getTransports().add(u -> new RelayTransport(hop, stop, u, _host -> List.of(), timer));
    }

    private ProtocolBinding<?> identify(String agent, List<String> listen) {
        var message =
                IdentifyOuterClass.Identify.newBuilder()
                        .setAgentVersion(agent)
                        .setProtocolVersion("ipfs/0.1.0")
                        .setPublicKey(ByteString.copyFrom(key.publicKey().bytes()))
                        .addProtocols("/ipfs/ping/1.0.0")
                        .addProtocols("/ipfs/id/1.0.0")
                        .addProtocols("/libp2p/circuit/relay/0.2.0/stop")
                        .addProtocols(Echo.PROTOCOL);
        for (var address : listen) {
            message.addListenAddrs(ByteString.copyFrom(new Multiaddr(address).serialize()));
        }
        return new Identify(message.build());
    }

    void start() throws Exception {
        circuits().setHost(host);
        host.start().get(20, TimeUnit.SECONDS);
    }

    private void onConnection(Connection connection) {
        var peer = connection.secureSession().getRemoteId();
        connections.put(peer, connection);
        Peer.emit(
                Peer.JSON.createObjectNode()
                        .put("event", "connected")
                        .put("peer", peer.toBase58())
                        .put("addr", connection.remoteAddress().toString())
                        .put("limited", isCircuit(connection)));
        connection
                .closeFuture()
                .thenRun(() -> {
                    if (connections.remove(peer, connection)) {
                        Peer.emit(
                                Peer.JSON.createObjectNode()
                                        .put("event", "disconnected")
                                        .put("peer", peer.toBase58()));
                    }
                });
    }

    static boolean isCircuit(Connection connection) {
        return connection.remoteAddress().toString().contains("/p2p-circuit");
    }

    Host host() {
        return host;
    }

    Ping ping() {
        return ping;
    }

    Echo.Binding echo() {
        return echo;
    }

    CircuitHopProtocol.Binding hop() {
        return hop;
    }

    /** The open connection to a peer. */
    Connection connection(String peer) {
        var connection = connections.get(PeerId.fromBase58(peer));
        if (connection == null) {
            throw new IllegalStateException("no connection to the peer");
        }
        return connection;
    }

    /**
     * Dials an address. A circuit's is given to the circuit transport here: the library itself asks its
     * transports in order, and TCP's says yes to every address that begins with one of its own.
     */
    CompletableFuture<Connection> connect(Multiaddr address) {
        if (!address.toString().contains("/p2p-circuit")) {
            return host.getNetwork().connect(address);
        }
        return circuits().dial(address, this::onConnection, null);
    }

    private RelayTransport circuits() {
        return host.getNetwork().getTransports().stream()
                .filter(RelayTransport.class::isInstance)
                .map(RelayTransport.class::cast)
                .findFirst()
                .orElseThrow();
    }

    List<String> peers() {
        return connections.keySet().stream().map(PeerId::toBase58).toList();
    }

    String peerId() {
        return host.getPeerId().toBase58();
    }

    List<String> addresses() {
        return host.getNetwork().getTransports().stream()
                .filter(TcpTransport.class::isInstance)
                .flatMap(transport -> transport.listenAddresses().stream())
                .map(address -> address + "/p2p/" + peerId())
                .toList();
    }
}
