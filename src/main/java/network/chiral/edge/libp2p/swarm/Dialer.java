// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.security.noise.NoiseKeys;
import network.chiral.edge.libp2p.transport.NameResolver;

/// Dials peers: one race per peer at a time, however many want it.
public final class Dialer implements SwarmListener, FreshDialer {
    private final Swarm swarm;
    private final NameResolver resolver;
    private final AddressScope scope;
    private final Clock clock;
    private final NoiseKeys stranger;
    private final DialBackoff backoff = new DialBackoff();
    private final Map<PeerId, DialRace> races = new ConcurrentHashMap<>();

    public Dialer(Swarm swarm, NameResolver resolver, AddressScope scope, Clock clock) {
        this.swarm = swarm;
        this.resolver = resolver;
        this.scope = scope;
        this.clock = clock;
        this.stranger = swarm.noiseKeys().ofAStranger();
        swarm.addListener(this);
    }

    /// Reaches `peer` at one of `addresses`, or answers with the connection that is there already.
    ///
    /// Blocks; an interrupt gives the dial up and closes its sockets, unless somebody else wants the
    /// same peer.
    ///
    /// @param force tries addresses that failed lately too
    public Connection dial(PeerId peer, Collection<Multiaddr> addresses, boolean force)
            throws DialException, InterruptedException {
        while (true) {
            var open = swarm.connection(peer);
            if (open.isPresent()) {
                return open.get();
            }
            var race = races.computeIfAbsent(peer, _ -> new DialRace(this, peer, force));
            if (race.join()) {
                // it may have come since, before this race was there to be told of it
                swarm.connection(peer).ifPresent(race::win);
                race.enter(addresses);
                return await(race);
            }
            races.remove(peer, race);
        }
    }

    @Override
    public Connection dialFresh(PeerId peer, Multiaddr address, Duration patience)
            throws DialException, InterruptedException {
        var plain = address.withoutPeer().orElse(address);
        var refusal = refusal(peer, plain, true);
        if (refusal.isPresent()) {
            throw new DialException(peer, Map.of(address, refusal.get()));
        }
        return new FreshDial(peer, plain, stranger)
                .run(swarm, plain.tcpSocket().orElseThrow(), patience);
    }

    private static Connection await(DialRace race) throws DialException, InterruptedException {
        try {
            return race.winner().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DialException fault) {
                throw fault;
            }
            throw new IllegalStateException("a race ends with a connection or its reasons", e);
        } finally {
            race.leave();
        }
    }

    @Override
    public void onConnected(Connection connection) {
        var race = races.get(connection.remotePeer());
        if (race != null) {
            race.win(connection);
        }
    }

    /// Dials under way now.
    public int racing() {
        return races.size();
    }

    // --- what a race asks

    Swarm swarm() {
        return swarm;
    }

    NameResolver resolver() {
        return resolver;
    }

    ScheduledExecutorService timer() {
        return swarm.transport().workers().next();
    }

    Optional<DialException.Reason> refusal(PeerId peer, Multiaddr address, boolean force) {
        if (!address.isPlainTcp() || address.tcpSocket().isEmpty() || !scope.allows(address)) {
            return Optional.of(DialException.Reason.NOT_DIALABLE);
        }
        return !force && backoff.isResting(peer, address, clock.instant())
                ? Optional.of(DialException.Reason.BACKOFF)
                : Optional.empty();
    }

    void failed(PeerId peer, Multiaddr address, DialException.Reason reason) {
        if (reason != DialException.Reason.CANCELLED) {
            backoff.failed(peer, address, clock.instant());
        }
    }

    void succeeded(PeerId peer, Multiaddr address) {
        backoff.succeeded(peer, address);
    }

    void over(PeerId peer, DialRace race) {
        races.remove(peer, race);
    }
}
