// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import io.netty.channel.ChannelFuture;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.security.noise.NoiseKeys;

/// One attempt at one address, whose connection nobody is told of; see [FreshDialer].
final class FreshDial implements Upgrade.UpgradeTarget {
    private final PeerId peer;
    private final Multiaddr address;
    private final NoiseKeys keys;
    private final CompletableFuture<Connection> outcome = new CompletableFuture<>();

    /// @param keys of the identity that dials
    FreshDial(PeerId peer, Multiaddr address, NoiseKeys keys) {
        this.peer = peer;
        this.address = address;
        this.keys = keys;
    }

    /// Dials and waits.
    ///
    /// @param socket where `address` leads to
    Connection run(Swarm swarm, InetSocketAddress socket, Duration patience)
            throws DialException, InterruptedException {
        var dialled =
                swarm.transport()
                        .dial(
                                socket,
                                OptionalInt.empty(),
                                patience,
                                new DialInitializer(swarm, this));
        dialled.addListener((ChannelFuture done) -> {
            if (done.cause() != null) {
                fail(DialRace.reason(done.cause()));
            }
        });
        var alarm =
                dialled.channel()
                        .eventLoop()
                        .schedule(
                                () -> fail(DialException.Reason.TIMEOUT),
                                patience.toMillis(),
                                TimeUnit.MILLISECONDS);
        try {
            return outcome.get();
        } catch (ExecutionException e) {
            dialled.channel().close();
            if (e.getCause() instanceof DialException fault) {
                throw fault;
            }
            throw new IllegalStateException("a dial ends with a connection or its reason", e);
        } catch (InterruptedException e) {
            fail(DialException.Reason.CANCELLED);
            dialled.channel().close();
            throw e;
        } finally {
            alarm.cancel(false);
        }
    }

    private void fail(DialException.Reason reason) {
        outcome.completeExceptionally(new DialException(peer, Map.of(address, reason)));
    }

    @Override
    public Optional<PeerId> expected() {
        return Optional.of(peer);
    }

    @Override
    public Optional<Multiaddr> dialled() {
        return Optional.of(address);
    }

    @Override
    public NoiseKeys keys(Swarm swarm) {
        return keys;
    }

    @Override
    public void onReady(ChannelConnection connection) {
        connection.keepToItself();
        if (!outcome.complete(connection)) {
            connection.abandon();
        }
    }

    @Override
    public void onFailed(HandshakeFailure failure) {
        fail(DialRace.reason(failure));
    }
}
