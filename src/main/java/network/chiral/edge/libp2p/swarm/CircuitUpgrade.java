// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;

/// Makes a connection of a stream through a relay: the same upgrade as a socket's, for one circuit.
final class CircuitUpgrade implements Upgrade.UpgradeTarget {
    private final Swarm swarm;
    private final Circuit circuit;
    private final CompletableFuture<Connection> ready = new CompletableFuture<>();
    private volatile boolean abandoned;

    CircuitUpgrade(Swarm swarm, Circuit circuit) {
        this.swarm = swarm;
        this.circuit = circuit;
    }

    /// Takes `stream` over and waits until the connection stands.
    Connection of(ChannelStream stream) throws CircuitException, InterruptedException {
        if (!initiates() && swarm.isClosing()) {
            stream.reset();
            throw fault(HandshakeFailure.SHUTTING_DOWN);
        }
        var channel = new CompletableFuture<CircuitChannel>();
        var relay = stream.connection().remoteSocket();
        stream.muxed().eventLoop().execute(() -> begin(stream, relay, channel));
        try {
            return ready.get();
        } catch (InterruptedException e) {
            abandoned = true;
            channel.thenAccept(CircuitChannel::close);
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CircuitException fault) {
                throw fault;
            }
            throw new IllegalStateException("an upgrade ends with a connection or a reason", e);
        }
    }

    private void begin(
            ChannelStream stream, InetSocketAddress relay, CompletableFuture<CircuitChannel> made) {
        var channel = new CircuitChannel(stream.muxed(), relay, swarm.timers());
        channel.pipeline().addLast("upgrade", new Upgrade(swarm, this));
        made.complete(channel);
        stream.become(
                channel,
                () ->
                        stream.muxed()
                                .eventLoop()
                                .register(channel)
                                .addListener(done -> {
                                    if (!done.isSuccess()) { // the loop is shutting down
                                        onFailed(HandshakeFailure.SHUTTING_DOWN);
                                    }
                                }));
    }

    @Override
    public Optional<PeerId> expected() {
        return Optional.of(circuit.remote());
    }

    @Override
    public Optional<Multiaddr> dialled() {
        return initiates() ? Optional.of(circuit.address()) : Optional.empty();
    }

    @Override
    public boolean initiates() {
        return circuit.direction() == Connection.Direction.OUTBOUND;
    }

    @Override
    public Multiaddr address(InetSocketAddress remote) {
        return circuit.address();
    }

    @Override
    public Optional<Allowance> limit() {
        return circuit.limit();
    }

    @Override
    public void onReady(ChannelConnection connection) {
        if (abandoned) {
            connection.abandon();
            return;
        }
        swarm.onConnected(connection);
        ready.complete(connection);
    }

    @Override
    public void onFailed(HandshakeFailure failure) {
        swarm.failed(circuit.direction(), failure);
        ready.completeExceptionally(fault(failure));
    }

    private CircuitException fault(HandshakeFailure failure) {
        return new CircuitException(
                DialRace.reason(failure),
                "no connection to " + circuit.remote() + " by a circuit: " + failure.label());
    }
}
