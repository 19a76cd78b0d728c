// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ConnectTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.transport.TcpTransport;

/// All addresses of one peer, tried until the first becomes a connection.
///
/// The best address goes first, the next one when it fails or after 250 ms (RFC 8305, "Connection
/// Attempt Delay"). Addresses through a relay go last, and half a second later. The first authenticated
/// connection wins, the other sockets are closed. Whoever wants the same peer meanwhile joins the race.
final class DialRace {
    private static final long STAGGER_MILLIS = 250;

    /// Before the first circuit, while direct addresses are being tried (go-libp2p's RelayDelay).
    private static final long RELAY_DELAY_MILLIS = 500;

    private static final int MAX_ADDRESSES = 64;
    private static final Duration TCP_PATIENCE = Duration.ofSeconds(5);

    /// Direct before relayed, IPv6 before IPv4 as RFC 8305 has it; a caller's order decides among equals.
    private static final Comparator<Multiaddr> RANK =
            Comparator.comparing(Multiaddr::isCircuit)
                    .thenComparing(a -> a.ip().map(ip -> ip.getAddress().length == 4).orElse(true));

    private final Dialer dialer;
    private final PeerId peer;
    private final boolean force;
    private final CompletableFuture<Connection> winner = new CompletableFuture<>();
    private final long began = System.nanoTime();

    // guarded by this
    private final ArrayDeque<Multiaddr> waiting = new ArrayDeque<>();
    private final Map<Multiaddr, Runnable> running = new HashMap<>();
    private final Map<Multiaddr, DialException.Reason> failures = new LinkedHashMap<>();
    private final Map<Multiaddr, Long> startedAt = new HashMap<>();
    private final Set<Multiaddr> seen = new HashSet<>();
    private int resolving;
    private int participants;
    private boolean abandoned;

    DialRace(Dialer dialer, PeerId peer, boolean force) {
        this.dialer = dialer;
        this.peer = peer;
        this.force = force;
    }

    CompletableFuture<Connection> winner() {
        return winner;
    }

    /// One more wants the peer; false where the race is over.
    synchronized boolean join() {
        if (abandoned || winner.isDone()) {
            return false;
        }
        participants++;
        return true;
    }

    /// One of those who wanted the peer gives up; the last one ends the race.
    void leave() {
        synchronized (this) {
            if (--participants > 0) {
                return;
            }
            abandoned = true; // who comes now begins another race
            waiting.forEach(address -> failures.put(address, DialException.Reason.CANCELLED));
            running.keySet().forEach(a -> failures.put(a, DialException.Reason.CANCELLED));
        }
        lose();
    }

    /// Enters addresses and starts them; names are resolved first.
    void enter(Collection<Multiaddr> addresses) {
        synchronized (this) {
            resolving++; // so that nothing below can end the race
        }
        for (var address : addresses) {
            var plain = address.withoutPeer().orElse(address);
            if (plain.dnsName().isPresent() && !plain.isCircuit()) {
                resolve(address);
            } else {
                admit(List.of(plain));
            }
        }
        resolved(List.of());
    }

    private void resolve(Multiaddr address) {
        synchronized (this) {
            if (!seen.add(address) || seen.size() > MAX_ADDRESSES) {
                return;
            }
            resolving++;
        }
        dialer.resolver()
                .resolve(address)
                .whenComplete((found, fault) -> {
                    if (fault != null) {
                        fail(address, DialException.Reason.UNREACHABLE);
                    }
                    resolved(found == null ? List.of() : found);
                });
    }

    private void resolved(List<Multiaddr> found) {
        admit(found.stream().flatMap(a -> a.withoutPeer().stream()).toList());
        synchronized (this) {
            resolving--;
        }
        startNext();
    }

    private synchronized void admit(List<Multiaddr> addresses) {
        for (var address : addresses) {
            if (seen.size() >= MAX_ADDRESSES || !seen.add(address)) {
                continue;
            }
            var refusal = dialer.refusal(peer, address, force);
            if (refusal.isPresent()) {
                failures.put(address, refusal.get());
            } else {
                waiting.add(address);
            }
        }
        var ranked = waiting.stream().sorted(RANK).toList();
        waiting.clear();
        waiting.addAll(ranked);
    }

    private void startNext() {
        boolean lost;
        synchronized (this) {
            if (winner.isDone()) {
                return;
            }
            var address = waiting.poll();
            if (address != null) {
                start(address);
                var next = waiting.peek();
                if (next != null) {
                    long pause =
                            next.isCircuit() && !address.isCircuit()
                                    ? RELAY_DELAY_MILLIS
                                    : STAGGER_MILLIS;
                    dialer.timer().schedule(this::startNext, pause, TimeUnit.MILLISECONDS);
                }
            }
            lost = running.isEmpty() && waiting.isEmpty() && resolving == 0;
        }
        if (lost) {
            lose();
        }
    }

    private void start(Multiaddr address) {
        startedAt.put(address, System.nanoTime());
        if (address.isCircuit()) {
            var thread = Thread.ofVirtual().name("circuit").unstarted(() -> ask(address));
            running.put(address, thread::interrupt);
            thread.start();
            return;
        }
        var target = address.tcpSocket().orElseThrow().getAddress();
        connect(address, dialer.swarm().transport().listenPort(target));
    }

    private void connect(Multiaddr address, OptionalInt localPort) {
        var socket = address.tcpSocket().orElseThrow();
        var attempt = new Attempt(address);
        var future =
                dialer.swarm()
                        .transport()
                        .dial(
                                new InetSocketAddress(socket.getAddress(), socket.getPort()),
                                localPort,
                                TCP_PATIENCE,
                                new DialInitializer(dialer.swarm(), attempt));
        running.put(address, () -> future.channel().close());
        future.addListener((ChannelFuture done) -> {
            // a race that is over has closed its other channels; this one may be the winner's
            var cause = done.cause();
            if (cause != null && localPort.isPresent() && TcpTransport.isPortTaken(cause)) {
                connectFromAnywhere(address);
            } else if (cause != null) {
                fail(address, reason(cause));
            }
        });
    }

    /// From the listen port there is a connection to the address already, or was one lately.
    private synchronized void connectFromAnywhere(Multiaddr address) {
        if (!winner.isDone() && !abandoned) {
            connect(address, OptionalInt.empty());
        }
    }

    /// Asks the relay that `address` names.
    private void ask(Multiaddr address) {
        try {
            var connection = dialer.circuits().dial(CircuitAddress.of(address).orElseThrow(), peer);
            dialer.succeeded(peer, address);
            if (!connection.equals(winner.getNow(connection))) {
                connection.close(); // another address was faster
            }
        } catch (CircuitException e) {
            fail(address, e.reason());
        } catch (IOException e) {
            fail(address, DialException.Reason.RELAY_UNREACHABLE);
        } catch (InterruptedException e) {
            fail(address, DialException.Reason.CANCELLED);
        }
    }

    static DialException.Reason reason(Throwable cause) {
        return switch (cause) {
            case ConnectTimeoutException _ -> DialException.Reason.TIMEOUT;
            case NoRouteToHostException _ -> DialException.Reason.UNREACHABLE;
            case ConnectException refused
                    when String.valueOf(refused.getMessage()).contains("refused") ->
                    DialException.Reason.REFUSED;
            default -> DialException.Reason.UNREACHABLE;
        };
    }

    static DialException.Reason reason(HandshakeFailure failure) {
        return switch (failure) {
            case TIMEOUT -> DialException.Reason.TIMEOUT;
            case CLOSED -> DialException.Reason.REFUSED;
            case PROTOCOL,
                    PEER_MISMATCH,
                    TOO_MANY_HANDSHAKES,
                    TOO_MANY_CONNECTIONS,
                    TOO_MANY_OF_PREFIX,
                    TOO_MANY_HANDSHAKES_OF_PREFIX,
                    TOO_FAST,
                    TOO_MANY_OF_PEER,
                    DENIED,
                    SHUTTING_DOWN ->
                    DialException.Reason.HANDSHAKE;
        };
    }

    private void fail(Multiaddr address, DialException.Reason reason) {
        synchronized (this) {
            running.remove(address);
            if (winner.isDone()) {
                return;
            }
            failures.put(address, reason);
        }
        dialer.failed(peer, address, reason);
        startNext();
    }

    /// `connection` is to the peer, dialled by this race or come in by itself.
    void win(Connection connection) {
        if (winner.complete(connection)) {
            end(Optional.of(connection.remoteAddress()));
        }
    }

    private void lose() {
        DialException fault;
        synchronized (this) {
            fault = new DialException(peer, failures);
        }
        if (winner.completeExceptionally(fault)) {
            end(Optional.empty());
        }
    }

    private void end(Optional<Multiaddr> spared) {
        dialer.over(peer, this);
        outcome(spared).ifPresent(it -> dialer.swarm().tell(listener -> listener.onDialled(it)));
        List<Runnable> rest;
        synchronized (this) {
            waiting.clear();
            rest =
                    running.entrySet().stream()
                            .filter(entry -> !spared.equals(Optional.of(entry.getKey())))
                            .map(Map.Entry::getValue)
                            .toList();
            running.clear();
        }
        rest.forEach(Runnable::run);
    }

    /// Empty where nothing was tried, and where a connection came by another way.
    private synchronized Optional<DialOutcome> outcome(Optional<Multiaddr> won) {
        var start =
                won.isEmpty()
                        ? Optional.of(began)
                        : won.flatMap(address -> Optional.ofNullable(startedAt.get(address)));
        if (startedAt.isEmpty() || start.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new DialOutcome(
                        won,
                        startedAt.size(),
                        Duration.ofNanos(System.nanoTime() - began),
                        Duration.ofNanos(start.get() - began)));
    }

    /// One address of the race.
    private final class Attempt implements Upgrade.UpgradeTarget {
        private final Multiaddr address;

        Attempt(Multiaddr address) {
            this.address = address;
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
        public void onReady(ChannelConnection connection) {
            if (winner.isDone()) {
                connection.abandon();
                return;
            }
            dialer.succeeded(peer, address);
            dialer.swarm().onConnected(connection); // tells the dialer too, which ends the race
        }

        @Override
        public void onFailed(HandshakeFailure failure) {
            dialer.swarm().failed(Connection.Direction.OUTBOUND, failure);
            fail(address, reason(failure));
        }
    }
}
