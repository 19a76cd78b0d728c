// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import io.netty.channel.ChannelFuture;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;

/// All addresses of a peer dialled at the same moment, for a direct connection beside a relayed one.
///
/// The peer may do the same at the same time (relay/DCUtR.md, "Simultaneous Connect"). Then the roles
/// are given from outside, and a dial of the peer that gets in before ours is the same connection: it is
/// expected, and has the role that ours would have had.
final class DirectDial {
    /// Addresses dialled at most; each costs a packet to somebody whom the remote names.
    private static final int MAX_ADDRESSES = 8;

    private final Dialer dialer;
    private final PeerId peer;
    private final DirectRole role;
    private final CompletableFuture<Connection> winner = new CompletableFuture<>();

    // guarded by this
    private final Map<Multiaddr, Attempt> running = new LinkedHashMap<>();
    private final Map<Multiaddr, DialException.Reason> failures = new LinkedHashMap<>();

    DirectDial(Dialer dialer, PeerId peer, DirectRole role) {
        this.dialer = dialer;
        this.peer = peer;
        this.role = role;
    }

    /// Dials and waits for the first connection, or until all have failed or `patience` is over.
    Connection first(Collection<Multiaddr> addresses, Duration patience)
            throws DialException, InterruptedException {
        var timer =
                dialer.timer().schedule(this::expire, patience.toMillis(), TimeUnit.MILLISECONDS);
        try {
            start(addresses, patience);
            return winner.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DialException fault) {
                throw fault;
            }
            throw new IllegalStateException("a dial ends with a connection or its reasons", e);
        } finally {
            timer.cancel(false);
            end();
        }
    }

    private void start(Collection<Multiaddr> addresses, Duration patience) {
        synchronized (this) {
            for (var address : addresses) {
                var plain = address.withoutPeer().orElse(address);
                if (running.size() < MAX_ADDRESSES && plain.tcpSocket().isPresent()) {
                    running.computeIfAbsent(plain, Attempt::new);
                }
            }
        }
        for (var attempt : attempts()) {
            attempt.start(patience);
        }
        loseIfOver();
    }

    private synchronized List<Attempt> attempts() {
        return List.copyOf(running.values());
    }

    /// A direct connection to some peer has come to stand.
    void onDirect(Connection connection) {
        if (connection.remotePeer().equals(peer)) {
            winner.complete(connection);
        }
    }

    private void expire() {
        synchronized (this) {
            running.keySet().forEach(a -> failures.put(a, DialException.Reason.TIMEOUT));
        }
        winner.completeExceptionally(new DialException(peer, failures()));
    }

    private void fail(Attempt attempt, DialException.Reason reason) {
        synchronized (this) {
            running.remove(attempt.address, attempt);
            failures.put(attempt.address, reason);
        }
        loseIfOver();
    }

    private void loseIfOver() {
        boolean over;
        synchronized (this) {
            // while the peer dials too, its dial may still get in
            over = running.isEmpty() && (role == DirectRole.ALONE || failures.isEmpty());
        }
        if (over) {
            winner.completeExceptionally(new DialException(peer, failures()));
        }
    }

    private synchronized Map<Multiaddr, DialException.Reason> failures() {
        return Map.copyOf(failures);
    }

    private void end() {
        winner.cancel(false); // without effect but after an interrupt
        attempts().forEach(Attempt::end);
    }

    /// One address, dialled or dialled from.
    private final class Attempt implements Upgrade.UpgradeTarget {
        private final Multiaddr address;
        private final InetSocketAddress socket;
        private volatile boolean won;
        private volatile Optional<ChannelFuture> dial = Optional.empty();

        Attempt(Multiaddr address) {
            this.address = address;
            this.socket = address.tcpSocket().orElseThrow();
        }

        void start(Duration patience) {
            var transport = dialer.swarm().transport();
            var port = OptionalInt.empty();
            if (role != DirectRole.ALONE) {
                port = transport.listenPort(socket.getAddress());
            }
            if (role == DirectRole.CLIENT) {
                dialer.swarm().expect(socket, this);
            }
            var future =
                    transport.dial(
                            socket, port, patience, new DialInitializer(dialer.swarm(), this));
            dial = Optional.of(future);
            future.addListener(done -> {
                if (done.cause() != null) {
                    fail(this, DialRace.reason(done.cause()));
                }
            });
        }

        void end() {
            dialer.swarm().expectNoMore(socket, this);
            if (!won) {
                dial.ifPresent(future -> future.channel().close());
            }
        }

        @Override
        public Optional<PeerId> expected() {
            return Optional.of(peer);
        }

        @Override
        public Optional<Multiaddr> dialled() {
            return initiates() ? Optional.of(address) : Optional.empty();
        }

        @Override
        public boolean initiates() {
            return role != DirectRole.SERVER;
        }

        @Override
        public void onReady(ChannelConnection connection) {
            if (winner.isDone()) {
                connection.abandon();
                return;
            }
            won = true;
            dialer.swarm().onConnected(connection); // tells the dialer too, which tells this
        }

        @Override
        public void onFailed(HandshakeFailure failure) {
            dialer.swarm().failed(Connection.Direction.OUTBOUND, failure);
            fail(this, DialRace.reason(failure));
        }
    }
}
