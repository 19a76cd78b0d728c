// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.host;

import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatListener;
import network.chiral.edge.libp2p.protocol.autonat.ReachabilityDetails;
import network.chiral.edge.libp2p.protocol.identify.IdentifyService;
import network.chiral.edge.libp2p.protocol.identify.PeerInfo;
import network.chiral.edge.libp2p.protocol.identify.SelfDescription;
import network.chiral.edge.libp2p.protocol.kad.Dht;
import network.chiral.edge.libp2p.protocol.mdns.MdnsListener;
import network.chiral.edge.libp2p.protocol.ping.PingClient;
import network.chiral.edge.libp2p.protocol.relay.HopService;
import network.chiral.edge.libp2p.protocol.relay.RelayListener;
import network.chiral.edge.libp2p.protocol.relay.RelayRules;
import network.chiral.edge.libp2p.protocol.relayauth.RelayAuthService;
import network.chiral.edge.libp2p.security.noise.NoiseKeys;
import network.chiral.edge.libp2p.swarm.AccessLists;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.ConnectionTrimmer;
import network.chiral.edge.libp2p.swarm.ConnectionValue;
import network.chiral.edge.libp2p.swarm.DialException;
import network.chiral.edge.libp2p.swarm.Dialer;
import network.chiral.edge.libp2p.swarm.Prompt;
import network.chiral.edge.libp2p.swarm.ServedProtocol;
import network.chiral.edge.libp2p.swarm.Swarm;
import network.chiral.edge.libp2p.swarm.SwarmListener;
import network.chiral.edge.libp2p.swarm.SwarmUsage;
import network.chiral.edge.libp2p.transport.NameResolver;
import network.chiral.edge.libp2p.transport.TcpTransport;

/// This node on the network: it listens, dials, and speaks its protocols.
///
/// Safe for use by many threads. `start` once, `close` once.
public final class Host implements AutoCloseable {
    private static final Duration IDENTIFY_PATIENCE = Duration.ofSeconds(30);
    private static final int IDENTIFY_PER_CONNECTION = 4;

    private final HostSettings settings;
    private final TcpTransport transport;
    private final NameResolver resolver;
    private final Swarm swarm;
    private final Dialer dialer;
    private final IdentifyService identify;
    private final RelayAuthService auth;
    private final AccessControl access;
    private final HopService hop;
    private final Edge edge;
    private final KadProtocols kad;
    private final HostAutoNat autonat;
    private final HostMdns mdns;
    private final RelaySwitch relaySwitch;
    private final PingClient ping = new PingClient();
    private final ConnectionTrimmer trimmer;
    private final ListenAddresses listenAddresses = new ListenAddresses();
    private volatile List<Multiaddr> announced = List.of();

    /// @param acceptors event loop that accepts; not closed by this host
    /// @param workers event loops that connections live on; not closed by this host
    public Host(
            HostSettings settings, EventLoopGroup acceptors, EventLoopGroup workers, Clock clock) {
        this.settings = settings;
        this.transport = new TcpTransport(acceptors, workers);
        this.resolver = new NameResolver(workers);
        var aside = settings.threads().executor("keys");
        var noise = new NoiseKeys(settings.crypto(), settings.identity(), Swarm.MUXERS, aside);
        this.swarm = new Swarm(transport, noise, settings.connections());
        this.identify =
                new IdentifyService(
                        settings.crypto(),
                        settings.identity(),
                        new SelfDescription(
                                settings.protocolVersion(),
                                settings.agentVersion(),
                                this::announced,
                                swarm::protocols),
                        clock);
        this.auth = new RelayAuthService(clock);
        this.access = new AccessControl(settings.tokenGate(), auth);
        this.hop =
                new HopService(
                        settings.identity(),
                        new RelayRules(settings.relay(), access),
                        () -> announced,
                        swarm::connection,
                        clock,
                        aside);
        swarm.addListener(
                hop); // first, so that a slot is free before anybody hears of the departure
        swarm.addListener(identify);
        this.trimmer = new ConnectionTrimmer(swarm, settings.trimming(), settings.threads());
        trimmer.heed(new ConnectionKeeping(hop));
        this.relaySwitch =
                new RelaySwitch(
                        swarm, identify, hop, settings.relayMode(), !settings.announce().isEmpty());
        this.dialer = new Dialer(swarm, resolver, settings.scope(), clock);
        var punching = new HolePunching(settings, swarm, dialer, this::directAddresses, clock);
        this.edge = new Edge(settings, new Edge.Wires(transport, swarm, dialer), punching, clock);
        identify.onObserved(punching::onObserved);
        edge.onAddressesChanged(() -> identify.push(swarm.connections()));
        identify.onIdentified(edge::onIdentified);
        trimmer.heed(edge::isRelay);
        this.kad = new KadProtocols(settings, swarm, dialer, identify, this::announced, clock);
        this.autonat =
                new HostAutoNat(
                        settings,
                        new HostAutoNat.Parts(swarm, dialer, resolver, identify, listenAddresses),
                        this::announced,
                        this::refreshAnnounced,
                        clock);
        this.mdns = new HostMdns(settings, swarm, dialer, listenAddresses, clock);
    }

    /// Serves the protocols and listens.
    ///
    /// @throws IOException where a listen address cannot be bound
    public void start() throws IOException {
        swarm.echo(PingClient.PROTOCOL, PingClient.STREAMS_PER_CONNECTION);
        swarm.serve(
                new ServedProtocol(
                                IdentifyService.PROTOCOL,
                                identify::onStream,
                                IDENTIFY_PER_CONNECTION,
                                IDENTIFY_PATIENCE)
                        .with(new Prompt(identify::answer, 0, false)));
        swarm.serve(
                new ServedProtocol(
                        IdentifyService.PUSH,
                        identify::onPush,
                        IDENTIFY_PER_CONNECTION,
                        IDENTIFY_PATIENCE));
        autonat.serve();
        trimmer.start();
        access.start(swarm);
        relaySwitch.start();
        listenAddresses.bind(swarm, settings.listen());
        refreshAnnounced();
        kad.start();
        autonat.start();
        mdns.start();
    }

    /// Looks again which addresses there are to announce; what is out of scope is never handed out.
    /// Peers are told when they have changed.
    private void refreshAnnounced() {
        var before = announced;
        announced =
                settings.announce().isEmpty()
                        ? withObserved(listenAddresses.reachable(settings.scope()::allows))
                        : settings.announce().stream().filter(settings.scope()::allows).toList();
        if (!announced.equals(before)) {
            identify.push(swarm.connections());
        }
    }

    private List<Multiaddr> withObserved(List<Multiaddr> own) {
        return Stream.concat(own.stream(), autonat.observed().stream()).distinct().toList();
    }

    // --- who and where

    public PeerId peerId() {
        return settings.identity().peerId();
    }

    /// Where this host may be reached, best first, without its peer id: its own addresses, and circuits
    /// through relays where it holds slots; empty where nothing is known that is in scope.
    public List<Multiaddr> announced() {
        return edge.withCircuits(announced);
    }

    /// Of [#announced], those that lead here without a relay.
    public List<Multiaddr> directAddresses() {
        return announced;
    }

    /// Where this host listens, wildcards as such.
    public List<Multiaddr> listening() {
        return listenAddresses.bound();
    }

    /// The machine's addresses that it listens on, whatever their scope; loopback first, because whoever
    /// asks is on this machine.
    public List<Multiaddr> listeningSpelledOut() {
        return listenAddresses.reachable(_ -> true).stream()
                .sorted(Comparator.comparing(Host::isElsewhere))
                .toList();
    }

    private static boolean isElsewhere(Multiaddr address) {
        return !address.ip().map(InetAddress::isLoopbackAddress).orElse(false);
    }

    public HostSettings settings() {
        return settings;
    }

    /// `epoll` or `nio`.
    public String transportName() {
        return transport.name();
    }

    // --- peers

    /// Reaches `peer` at one of `addresses`; see [Dialer#dial].
    public Connection dial(PeerId peer, Collection<Multiaddr> addresses, boolean force)
            throws DialException, InterruptedException {
        if (peer.equals(peerId())) {
            throw new IllegalArgumentException("a node does not dial itself");
        }
        return dialer.dial(peer, addresses, force);
    }

    public Optional<Connection> connection(PeerId peer) {
        return swarm.connection(peer);
    }

    public List<Connection> connections() {
        return swarm.connections();
    }

    /// Asks `value` too which connections to keep.
    public void keep(ConnectionValue value) {
        trimmer.heed(value);
    }

    /// What the connections use now.
    public SwarmUsage usage() {
        return swarm.usage();
    }

    public int connectionCount() {
        return swarm.connectionCount();
    }

    public int peerCount() {
        return swarm.peerCount();
    }

    /// What a connected peer told of itself.
    public Optional<PeerInfo> info(PeerId peer) {
        return identify.info(peer);
    }

    /// Sends one ping. Blocks.
    public Duration ping(Connection connection) throws IOException {
        return ping.ping(connection);
    }

    /// Whether others can reach this host, and how that is known.
    public ReachabilityDetails reachability() {
        return autonat.details();
    }

    /// When the next question about that is due.
    public Instant nextReachabilityProbe() {
        return autonat.nextProbe();
    }

    // --- the relay

    public HopService relay() {
        return hop;
    }

    public Edge edge() {
        return edge;
    }

    /// The DHTs that this host takes part in.
    public List<Dht> dhts() {
        return kad.all();
    }

    /// Answers in the DHTs from now on, or only asks; peers are told.
    public void serverMode(boolean on) {
        kad.serverMode(on);
    }

    /// Peers that mDNS knows of on the links of the machine.
    public int mdnsPeers() {
        return mdns.peers();
    }

    /// Is a relay from now on, or is none: hop is served and told of, or neither. Open circuits go on.
    public void relay(boolean on) {
        relaySwitch.set(on);
    }

    /// True while hop is served and told of.
    public boolean isRelay() {
        return relaySwitch.isOn();
    }

    /// Tells whether this host was found to be reachable from the internet, for [RelayMode#AUTO].
    public void publiclyReachable(boolean reachable) {
        relaySwitch.publiclyReachable(reachable);
    }

    /// Takes these tokens only, from now on; who has shown another loses what it holds.
    public void relayTokens(Collection<byte[]> good) {
        auth.tokens(good);
        hop.reconsider();
    }

    /// Lets peers do what `lists` permit, from now on: others lose their slots and circuits, and where
    /// they may not be connected at all, their connections.
    public void access(AccessLists lists) {
        access.lists(lists);
        swarm.access(lists);
        hop.reconsider();
    }

    // --- events

    public void onSwarm(SwarmListener listener) {
        swarm.addListener(listener);
    }

    public void onIdentified(BiConsumer<Connection, PeerInfo> listener) {
        identify.onIdentified(listener);
    }

    public void onRelay(RelayListener listener) {
        hop.addListener(listener);
    }

    /// Tells `listener` of each change of [#reachability] too.
    public void onAutoNat(AutoNatListener listener) {
        autonat.addListener(listener);
    }

    public void onMdns(MdnsListener listener) {
        mdns.addListener(listener);
    }

    // --- health

    public boolean isListening() {
        return swarm.isListening();
    }

    /// How long ago the slowest event loop came round; a tick is due every second.
    public Duration eventLoopLag() {
        return swarm.eventLoopLag();
    }

    /// Gives back buffers that were kept for the next connections.
    public void trimBuffers() {
        transport.trimBuffers();
    }

    // --- the end

    /// Gives no more slots and circuits, takes no more connections, and tells peers so: the relay is
    /// no longer among the protocols, and, to peers without a circuit, no new stream is welcome.
    public void drain() {
        mdns.stop();
        autonat.stop();
        edge.activate(false);
        kad.stop();
        swarm.stopListening();
        relaySwitch.drain();
    }

    /// After [#drain], waits until the last circuit has ended or `grace` is over.
    public void awaitCircuits(Duration grace) {
        relaySwitch.awaitCircuits(grace);
    }

    /// Says goodbye on every connection and closes it.
    @Override
    public void close() {
        trimmer.close();
        mdns.stop();
        edge.activate(false);
        kad.stop();
        autonat.stop();
        swarm.close();
        resolver.close();
    }
}
