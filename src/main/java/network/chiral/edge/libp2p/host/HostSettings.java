// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.host;

import java.util.List;
import network.chiral.edge.libp2p.crypto.CryptoProvider;
import network.chiral.edge.libp2p.identity.Identity;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatSettings;
import network.chiral.edge.libp2p.protocol.kad.KadSettings;
import network.chiral.edge.libp2p.protocol.mdns.MdnsSettings;
import network.chiral.edge.libp2p.protocol.relay.RelayLimits;
import network.chiral.edge.libp2p.swarm.AddressScope;
import network.chiral.edge.libp2p.swarm.ConnectionLimits;
import network.chiral.edge.libp2p.swarm.Threads;
import network.chiral.edge.libp2p.swarm.TrimRules;

/// What a host is to be. Filled in before the host is made, and not changed afterwards.
///
/// What is not set has the default of a public relay; a host without listen addresses only dials.
public final class HostSettings {
    private final CryptoProvider crypto;
    private final Identity identity;
    private List<Multiaddr> listen = List.of();
    private List<Multiaddr> announce = List.of();
    private AddressScope scope = AddressScope.PUBLIC;
    private String protocolVersion = "/chiral/1.0.0";
    private String agentVersion = "chiral/2.0.0-edge";
    private AutoNatSettings autonat = AutoNatSettings.OFF;
    private RelayLimits relay = RelayLimits.CHIRAL;
    private KadSettings kad = KadSettings.NONE;
    private MdnsSettings mdns = MdnsSettings.OFF;
    private RelayMode relayMode = RelayMode.TRUE;
    private TokenGate tokenGate = TokenGate.OFF;
    private ConnectionLimits connections = ConnectionLimits.DEFAULT;
    private TrimRules trimming = TrimRules.DEFAULT;
    private Threads threads = Threads.VIRTUAL;
    private EdgeSettings edge = EdgeSettings.DEFAULT;

    /// @param crypto ciphers and curves
    /// @param identity the host's key
    public HostSettings(CryptoProvider crypto, Identity identity) {
        this.crypto = crypto;
        this.identity = identity;
    }

    public CryptoProvider crypto() {
        return crypto;
    }

    public Identity identity() {
        return identity;
    }

    /// Where it listens: plain TCP addresses with an IP, port 0 for a free one.
    public HostSettings listen(List<Multiaddr> addresses) {
        listen = List.copyOf(addresses);
        return this;
    }

    public List<Multiaddr> listen() {
        return listen;
    }

    /// Where it says it may be reached; empty to say where it listens, as far as in scope.
    public HostSettings announce(List<Multiaddr> addresses) {
        announce = List.copyOf(addresses);
        return this;
    }

    public List<Multiaddr> announce() {
        return announce;
    }

    /// Which addresses may be announced, answered and dialled.
    public HostSettings scope(AddressScope allowed) {
        scope = allowed;
        return this;
    }

    public AddressScope scope() {
        return scope;
    }

    /// Told in identify.
    public HostSettings protocolVersion(String version) {
        protocolVersion = version;
        return this;
    }

    public String protocolVersion() {
        return protocolVersion;
    }

    /// Told in identify.
    public HostSettings agentVersion(String version) {
        agentVersion = version;
        return this;
    }

    public String agentVersion() {
        return agentVersion;
    }

    /// Limits of the relay.
    public HostSettings relay(RelayLimits limits) {
        relay = limits;
        return this;
    }

    public RelayLimits relay() {
        return relay;
    }

    /// What it does to be reached without a public address; see [Host#edge].
    public HostSettings edge(EdgeSettings wishes) {
        edge = wishes;
        return this;
    }

    public EdgeSettings edge() {
        return edge;
    }

    /// The DHTs to take part in; none where nothing is set.
    public HostSettings kad(KadSettings settings) {
        kad = settings;
        return this;
    }

    public KadSettings kad() {
        return kad;
    }

    /// Whether it tells others, and finds out itself, who can be reached.
    public HostSettings autonat(AutoNatSettings settings) {
        autonat = settings;
        return this;
    }

    public AutoNatSettings autonat() {
        return autonat;
    }

    /// Whether it looks for peers on the links of the machine, and is found there.
    public HostSettings mdns(MdnsSettings settings) {
        mdns = settings;
        return this;
    }

    public MdnsSettings mdns() {
        return mdns;
    }

    /// Whether it is a relay from the start.
    public HostSettings relayMode(RelayMode mode) {
        relayMode = mode;
        return this;
    }

    public RelayMode relayMode() {
        return relayMode;
    }

    /// What peers have to show a token for; which ones are good, the host is told with
    /// [Host#relayTokens].
    public HostSettings tokenGate(TokenGate gate) {
        tokenGate = gate;
        return this;
    }

    public TokenGate tokenGate() {
        return tokenGate;
    }

    /// Limits of the swarm.
    public HostSettings connections(ConnectionLimits limits) {
        connections = limits;
        return this;
    }

    public ConnectionLimits connections() {
        return connections;
    }

    /// Which connections are closed when nobody needs them.
    public HostSettings trimming(TrimRules rules) {
        trimming = rules;
        return this;
    }

    public TrimRules trimming() {
        return trimming;
    }

    /// Where the host runs what it does of its own accord.
    public HostSettings threads(Threads source) {
        threads = source;
        return this;
    }

    public Threads threads() {
        return threads;
    }
}
