// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.host;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.stream.Stream;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatLimits;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatListener;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatProber;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatV1Client;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatV1Server;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatV2Client;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatV2Server;
import network.chiral.edge.libp2p.protocol.autonat.DialBackPolicy;
import network.chiral.edge.libp2p.protocol.autonat.ObservedAddresses;
import network.chiral.edge.libp2p.protocol.autonat.ReachabilityDetails;
import network.chiral.edge.libp2p.protocol.identify.IdentifyService;
import network.chiral.edge.libp2p.protocol.identify.PeerInfo;
import network.chiral.edge.libp2p.swarm.AddressScope;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.Dialer;
import network.chiral.edge.libp2p.swarm.ServedProtocol;
import network.chiral.edge.libp2p.swarm.Swarm;
import network.chiral.edge.libp2p.swarm.SwarmListener;
import network.chiral.edge.libp2p.transport.NameResolver;

/// AutoNAT in a host: who serves, who asks, and what is done with the answers.
final class HostAutoNat implements AutoNatListener, SwarmListener {
    private static final Duration NAME_PATIENCE = Duration.ofSeconds(5);

    /// Dial-back streams at once on one connection; a server brings one nonce on it.
    private static final int DIAL_BACKS_PER_CONNECTION = 2;

    private final HostSettings settings;
    private final Parts parts;
    private final Supplier<List<Multiaddr>> announced;
    private final Runnable refreshAnnounced;
    private final AutoNatV1Server v1;
    private final AutoNatV2Server v2;
    private final AutoNatV2Client client;
    private final AutoNatProber prober;
    private final ObservedAddresses observed;
    private final Map<PeerId, Set<ProtocolId>> spoken = new ConcurrentHashMap<>();

    /// The parts of the host that AutoNAT leans on.
    record Parts(
            Swarm swarm,
            Dialer dialer,
            NameResolver resolver,
            IdentifyService identify,
            ListenAddresses listening) {}

    /// @param announced what is announced now
    /// @param refreshAnnounced looks again what is to be announced
    HostAutoNat(
            HostSettings settings,
            Parts parts,
            Supplier<List<Multiaddr>> announced,
            Runnable refreshAnnounced,
            Clock clock) {
        this.settings = settings;
        this.parts = parts;
        this.announced = announced;
        this.refreshAnnounced = refreshAnnounced;
        var limits = settings.autonat().limits();
        var random = new SecureRandom();
        var threads = settings.threads();
        var policy = new DialBackPolicy(settings.scope(), this::isRoutable, this::isOwn);
        this.v1 = new AutoNatV1Server(limits, policy, parts.dialer(), threads, clock);
        this.v2 =
                new AutoNatV2Server(
                        limits,
                        policy,
                        new AutoNatV2Server.Helpers(
                                this::resolve, parts.dialer(), random, threads, clock));
        this.client = new AutoNatV2Client(random, threads);
        this.observed = new ObservedAddresses(settings.scope(), parts.listening()::sockets, clock);
        this.prober =
                new AutoNatProber(
                        new AutoNatProber.Sources(
                                this::addressesToTry,
                                parts.swarm()::connections,
                                (peer, protocol) ->
                                        spoken.getOrDefault(peer, Set.of()).contains(protocol)),
                        client,
                        new AutoNatV1Client(settings.identity().peerId()),
                        new AutoNatProber.Motion(
                                random, threads, clock, settings.autonat().pace()));
    }

    /// Serves what the settings say.
    void serve() {
        if (settings.autonat().server()) {
            parts.swarm()
                    .serve(
                            new ServedProtocol(
                                    AutoNatV1Server.PROTOCOL,
                                    v1::onStream,
                                    AutoNatLimits.AT_ONCE,
                                    AutoNatV1Server.PATIENCE));
            parts.swarm()
                    .serve(
                            new ServedProtocol(
                                    AutoNatV2Server.DIAL_REQUEST,
                                    v2::onStream,
                                    AutoNatLimits.AT_ONCE
                                            + 1, // that one is told that it is too many
                                    AutoNatV2Server.PATIENCE));
        }
        if (settings.autonat().client()) {
            parts.swarm()
                    .serve(
                            new ServedProtocol(
                                    AutoNatV2Server.DIAL_BACK,
                                    client::onDialBack,
                                    DIAL_BACKS_PER_CONNECTION,
                                    AutoNatV2Server.PATIENCE));
            parts.swarm().addListener(observed);
            parts.swarm().addListener(this);
            parts.identify().onIdentified(this::remember);
            parts.identify()
                    .onObserved((connection, seen) -> {
                        observed.observe(connection, seen);
                        refreshAnnounced.run();
                    });
        }
    }

    /// rust-libp2p 0.57 lists its AutoNAT server on connections that come in to it and not on those that it
    /// dials, as it does to dial back; what a peer said on one of its connections counts.
    private void remember(Connection connection, PeerInfo info) {
        for (var protocol : List.of(AutoNatV1Server.PROTOCOL, AutoNatV2Server.DIAL_REQUEST)) {
            if (info.speaks(protocol) && connection.isOpen()) {
                spoken.computeIfAbsent(connection.remotePeer(), _ -> ConcurrentHashMap.newKeySet())
                        .add(protocol);
            }
        }
    }

    @Override
    public void onDisconnected(Connection connection, boolean last, String reason) {
        if (last) {
            spoken.remove(connection.remotePeer());
        }
    }

    /// Begins to ask others, where the settings say so.
    void start() {
        if (settings.autonat().client()) {
            prober.addListener(this);
            prober.start();
        }
    }

    /// Asks and serves no more.
    void stop() {
        prober.stop();
        parts.swarm().withdraw(AutoNatV1Server.PROTOCOL);
        parts.swarm().withdraw(AutoNatV2Server.DIAL_REQUEST);
    }

    void addListener(AutoNatListener listener) {
        v1.addListener(listener);
        v2.addListener(listener);
        prober.addListener(listener);
    }

    ReachabilityDetails details() {
        return prober.details();
    }

    Instant nextProbe() {
        return prober.next();
    }

    /// What peers agree on about this node's addresses and may be announced.
    List<Multiaddr> observed() {
        return observed.announceable(prober::of);
    }

    /// A guess that was reached is announced, and an observed address that was not is no longer.
    @Override
    public void onReachability(ReachabilityDetails details) {
        refreshAnnounced.run();
    }

    private List<Multiaddr> addressesToTry() {
        return Stream.concat(announced.get().stream(), observed.candidates().stream())
                .filter(address -> address.isPlainTcp() && settings.scope().allows(address))
                .flatMap(address -> address.withoutPeer().stream())
                .distinct()
                .toList();
    }

    // --- what the servers may dial

    private List<Multiaddr> resolve(Multiaddr address) throws InterruptedException {
        var answer = parts.resolver().resolve(address);
        var over = new Semaphore(0);
        answer.whenComplete((_, _) -> over.release());
        return settings.threads().acquire(over, NAME_PATIENCE) && !answer.isCompletedExceptionally()
                ? answer.join()
                : List.of();
    }

    /// True where this machine has an address of the same family; a loopback address counts for loopback
    /// only, a link-local one for nothing.
    private boolean isRoutable(InetAddress ip) {
        return machine()
                .filter(own -> own instanceof Inet4Address == ip instanceof Inet4Address)
                .filter(own -> !own.isLinkLocalAddress())
                .anyMatch(own -> !own.isLoopbackAddress() || ip.isLoopbackAddress());
    }

    /// The addresses of this machine and those it is announced at; none of them where loopback is in
    /// scope, because there everybody is on this machine.
    private boolean isOwn(InetAddress ip) {
        return settings.scope() != AddressScope.ANY
                && (machine().anyMatch(ip::equals)
                        || announced.get().stream()
                                .flatMap(address -> address.ip().stream())
                                .anyMatch(ip::equals));
    }

    private static Stream<InetAddress> machine() {
        return interfaces().stream().flatMap(NetworkInterface::inetAddresses);
    }

    private static List<NetworkInterface> interfaces() {
        try {
            return NetworkInterface.networkInterfaces().toList();
        } catch (SocketException e) {
            return List.of();
        }
    }
}
