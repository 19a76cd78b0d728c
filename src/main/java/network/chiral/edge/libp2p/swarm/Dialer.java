// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    private volatile CircuitDialer circuits = CircuitDialer.NONE;
    private final DialBackoff backoff = new DialBackoff();
    private final Map<PeerId, DialRace> races = new ConcurrentHashMap<>();
    private final Set<DirectDial> directDials = ConcurrentHashMap.newKeySet();

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
        if (!connection.isRelayed()) {
            directDials.forEach(dial -> dial.onDirect(connection));
        }
    }

    /// Dials all of `addresses` at once, whatever connections to `peer` there are, and answers with the
    /// first direct one, also where the peer's own dial makes it. Blocks; an interrupt gives up.
    ///
    /// Names are not resolved, and what is out of scope is passed over.
    ///
    /// @param role who speaks first, and from which port the dial leaves
    public Connection dialDirect(
            PeerId peer, Collection<Multiaddr> addresses, DirectRole role, Duration patience)
            throws DialException, InterruptedException {
        var dial = new DirectDial(this, peer, role);
        directDials.add(dial);
        try {
            return dial.first(addresses.stream().filter(scope::allows).toList(), patience);
        } finally {
            directDials.remove(dial);
        }
    }

    /// Has addresses that lead through a relay dialled by `dialer` from now on.
    public void circuits(CircuitDialer dialer) {
        circuits = dialer;
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

    CircuitDialer circuits() {
        return circuits;
    }

    ScheduledExecutorService timer() {
        return swarm.transport().workers().next();
    }

    Optional<DialException.Reason> refusal(PeerId peer, Multiaddr address, boolean force) {
        if (!isDialable(peer, address) || !swarm.gate().admits(peer, address)) {
            return Optional.of(DialException.Reason.NOT_DIALABLE);
        }
        return !force && backoff.isResting(peer, address, clock.instant())
                ? Optional.of(DialException.Reason.BACKOFF)
                : Optional.empty();
    }

    private boolean isDialable(PeerId peer, Multiaddr address) {
        if (address.isCircuit()) {
            return CircuitAddress.of(address)
                    .filter(circuit -> circuits.reaches(circuit, peer))
                    .flatMap(CircuitAddress::relayAddress)
                    .map(scope::allows)
                    .orElse(false);
        }
        return address.tcpSocket().isPresent() && scope.allows(address);
    }

    void failed(PeerId peer, Multiaddr address, DialException.Reason reason) {
        if (reason != DialException.Reason.CANCELLED) {
            backoff.failed(peer, address, clock.instant());
        }
        swarm.tell(listener -> listener.onDialFailed(address, reason));
    }

    void succeeded(PeerId peer, Multiaddr address) {
        backoff.succeeded(peer, address);
    }

    void over(PeerId peer, DialRace race) {
        races.remove(peer, race);
    }
}
