// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import network.chiral.edge.libp2p.crypto.Selection;
import network.chiral.edge.libp2p.host.Host;
import network.chiral.edge.libp2p.host.HostSettings;
import network.chiral.edge.libp2p.host.RelayMode;
import network.chiral.edge.libp2p.host.TokenGate;
import network.chiral.edge.libp2p.identity.Identity;
import network.chiral.edge.node.access.RelayAuthConfig;
import network.chiral.edge.node.autonat.AutoNatConfig;
import network.chiral.edge.node.autonat.AutoNatValues;
import network.chiral.edge.node.identity.OwnIdentity;
import network.chiral.edge.node.kad.KadConfig;
import network.chiral.edge.node.kad.KadReader;
import network.chiral.edge.node.log.LogFormat;
import network.chiral.edge.node.mdns.MdnsConfig;
import network.chiral.edge.node.mdns.MdnsValues;
import network.chiral.edge.node.roles.RoleSettings;
import network.chiral.edge.node.roles.RolesConfig;

/// Builds the host from the configuration.
@Singleton
class HostProducer {
    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    @Produces
    @Singleton
    NodeSettings settings(NodeConfig node, RelayConfig relay, LogFormat before) {
        return NodeSettings.of(node, relay);
    }

    @Produces
    @Singleton
    RoleSettings roles(RolesConfig roles) {
        return RoleSettings.of(roles);
    }

    @Produces
    @Singleton
    Selection crypto(NodeConfig node) {
        return NodeSettings.crypto(node);
    }

    @Produces
    @Singleton
    Identity identity(NodeSettings settings, Selection crypto) {
        return OwnIdentity.findOrCreate(settings, crypto.provider());
    }

    /// The settings of what a host can do.
    @Singleton
    record Features(
            RelayConfig relay,
            RelayAuthConfig auth,
            ConnectionsConfig connections,
            KadConfig kad,
            AutoNatConfig autonat,
            MdnsConfig mdns) {
        RelayMode relayMode() {
            return SettingValue.choice("chiral.relay.enabled", relay.enabled(), RelayMode.class);
        }

        TokenGate tokenGate() {
            if (auth.tokensFile().filter(file -> !file.isBlank()).isEmpty()) {
                return TokenGate.OFF;
            }
            return auth.connect() ? TokenGate.RESERVE_AND_CONNECT : TokenGate.RESERVE;
        }
    }

    @Produces
    @Singleton
    Host host(
            NodeConfig node,
            NodeSettings settings,
            Features features,
            RoleSettings roles,
            Selection crypto,
            Identity identity,
            EventLoops loops,
            Clock clock) {
        var bounds =
                ConnectionSettings.of(features.connections(), Runtime.getRuntime().maxMemory());
        return new Host(
                new HostSettings(crypto.provider(), identity)
                        .listen(settings.listen())
                        .announce(settings.announce())
                        .scope(settings.scope())
                        .protocolVersion(node.protocolVersion())
                        .agentVersion(node.agentVersion())
                        .relay(settings.relay())
                        .connections(bounds.limits())
                        .trimming(bounds.trimming())
                        .kad(KadReader.read(features.kad()))
                        .autonat(AutoNatValues.of(features.autonat()))
                        .mdns(MdnsValues.of(features.mdns()))
                        .relayMode(features.relayMode())
                        .tokenGate(features.tokenGate())
                        .edge(roles.edge()),
                loops.acceptors(),
                loops.workers(),
                clock);
    }
}
