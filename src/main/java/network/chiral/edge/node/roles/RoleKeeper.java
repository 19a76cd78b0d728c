// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.roles;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import network.chiral.edge.libp2p.host.Host;
import network.chiral.edge.libp2p.host.RelayMode;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatListener;
import network.chiral.edge.libp2p.protocol.autonat.ReachabilityDetails;
import network.chiral.edge.libp2p.protocol.kad.KadSettings;
import network.chiral.edge.libp2p.protocol.relay.client.EdgeListener;
import network.chiral.edge.libp2p.protocol.relay.client.Reservation;
import network.chiral.edge.libp2p.protocol.relay.client.ReservationRefused;
import network.chiral.edge.node.NodeSettings;
import network.chiral.edge.node.cache.CachedPeer;
import org.jboss.logging.Logger;

/// Gives the host the roles of the plan, at the start and whenever the surroundings change.
@Singleton
public class RoleKeeper {
    private static final Logger LOG = Logger.getLogger(RoleKeeper.class);

    private final Host host;
    private final NodeSettings node;
    private final RoleSettings settings;
    private final boolean decidesRelay;

    // guarded by this
    private Optional<Boolean> reachable = Optional.empty();
    private Set<Role> roles = Set.of();
    private boolean started;
    private boolean knowsRelays;
    private Optional<Boolean> operator = Optional.empty();

    RoleKeeper(Host host, NodeSettings node, RoleSettings settings) {
        this.host = host;
        this.node = node;
        this.settings = settings;
        this.decidesRelay = host.settings().relayMode() == RelayMode.AUTO;
    }

    /// Takes the first roles up; the host listens already, and the first peers may be there.
    public void start() {
        host.edge().addListener(new Log());
        host.onAutoNat(
                new AutoNatListener() {
                    @Override
                    public void onReachability(ReachabilityDetails details) {
                        RoleKeeper.this.onReachability(
                                switch (details.overall()) {
                                    case PUBLIC -> Optional.of(true);
                                    case PRIVATE -> Optional.of(false);
                                    case UNKNOWN -> Optional.empty();
                                });
                    }
                });
        synchronized (this) {
            started = true;
        }
        apply();
    }

    /// Looks for relays from now on, where the role wants some.
    ///
    /// @param cached peers known from before, some of them relays
    public void lookForRelays(List<CachedPeer> cached) {
        var relays = RelaySources.cached(cached);
        host.edge().addFinder(() -> relays);
        host.edge().addFinder(() -> RelaySources.providers(host));
        synchronized (this) {
            knowsRelays = true;
            host.edge().activate(roles.contains(Role.EDGE));
        }
    }

    /// Others have found out whether they reach this node; empty where they cannot tell any more.
    void onReachability(Optional<Boolean> publicly) {
        synchronized (this) {
            if (reachable.equals(publicly)) {
                return;
            }
            reachable = publicly;
        }
        apply();
    }

    /// What the node is now.
    public synchronized Set<Role> roles() {
        return roles;
    }

    /// Is a relay or is none from now on, at the word of an operator, until the process ends; empty for
    /// what configuration and surroundings say.
    public synchronized void relay(Optional<Boolean> on) {
        operator = on;
        host.relay(on.orElseGet(this::isRelayByPlan));
        LOG.infof("Relay by hand: relay=%s", on.map(Object::toString).orElse("auto"));
    }

    /// What an operator said of the relay last.
    public synchronized Optional<Boolean> relayByHand() {
        return operator;
    }

    private boolean isRelayByPlan() {
        return decidesRelay
                ? roles.contains(Role.RELAY)
                : host.settings().relayMode() == RelayMode.TRUE;
    }

    private synchronized void apply() {
        if (!started) {
            return;
        }
        var next =
                RolePlan.roles(
                        settings.fixed(),
                        !node.announce().isEmpty(),
                        reachable,
                        host.directAddresses().stream().anyMatch(node.scope()::allows));
        if (next.equals(roles)) {
            return;
        }
        roles = next;
        LOG.infof("Roles: roles=%s", named(next));
        if (decidesRelay && operator.isEmpty()) {
            host.relay(next.contains(Role.RELAY));
        }
        if (host.settings().kad().mode() == KadSettings.Mode.AUTO) {
            host.serverMode(next.contains(Role.BOOTSTRAP));
        }
        if (knowsRelays) {
            host.edge().activate(next.contains(Role.EDGE));
        }
    }

    private static String named(Set<Role> roles) {
        return roles.stream()
                .sorted()
                .map(role -> role.name().toLowerCase(java.util.Locale.ROOT))
                .collect(Collectors.joining(","));
    }

    /// Tells the operator what becomes of the slots.
    private static final class Log implements EdgeListener {
        @Override
        public void onReserved(Reservation reservation, boolean renewal) {
            if (renewal) {
                LOG.debugf(
                        "A relay's slot was renewed: relay=%s expires=%s",
                        reservation.relay(), reservation.expires());
                return;
            }
            LOG.infof(
                    "Reachable through a relay: relay=%s expires=%s addresses=%s",
                    reservation.relay(), reservation.expires(), reservation.circuits());
        }

        @Override
        public void onRefused(PeerId relay, ReservationRefused why, boolean renewal) {
            LOG.debugf(
                    "A relay gave no slot: relay=%s reason=%s (%s)",
                    relay, why.why().label(), why.getMessage());
        }

        @Override
        public void onLost(PeerId relay) {
            LOG.infof("A relay is gone: relay=%s", relay);
        }
    }
}
