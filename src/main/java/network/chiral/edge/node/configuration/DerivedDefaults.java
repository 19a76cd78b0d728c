// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.configuration;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import network.chiral.edge.libp2p.protocol.relay.AdmissionLimits.PrefixCap;
import network.chiral.edge.libp2p.protocol.relay.RelayLimits;
import network.chiral.edge.libp2p.swarm.Rate;
import network.chiral.edge.node.BadConfiguration;
import network.chiral.edge.node.ConnectionSettings;
import network.chiral.edge.node.ConnectionsConfig;
import network.chiral.edge.node.NodeConfig;
import network.chiral.edge.node.NodeSettings;
import network.chiral.edge.node.RelayConfig;
import network.chiral.edge.node.cache.CacheConfig;
import network.chiral.edge.node.cache.CacheSettings;
import network.chiral.edge.node.kad.KadConfig;
import network.chiral.edge.node.kad.KadReader;

/// Defaults that follow from another value: of the relay's preset, the data folder, the memory.
///
/// They are taken from the settings that the node itself makes, so they are what it uses.
final class DerivedDefaults {
    private static final String RELAY = "chiral.relay.";
    private static final String CONNECTIONS = "chiral.connections.";

    /// @param follows what it follows from
    record Usual(String value, String follows) {}

    private final Map<String, Usual> values = new HashMap<>();

    private DerivedDefaults() {}

    /// Those of a configuration, as far as it is good.
    static DerivedDefaults of(Mappings all) {
        var derived = new DerivedDefaults();
        try {
            var node = NodeSettings.of(all.of(NodeConfig.class), all.of(RelayConfig.class));
            derived.relay(
                    node.relay(), "of the preset " + all.of(RelayConfig.class).preset().strip());
            derived.files(node, all);
            derived.connections(
                    ConnectionSettings.of(
                            all.of(ConnectionsConfig.class), Runtime.getRuntime().maxMemory()));
        } catch (BadConfiguration e) {
            return derived; // what is bad is told elsewhere, and the rest follows from nothing
        }
        return derived;
    }

    Optional<Usual> of(String key) {
        return Optional.ofNullable(values.get(key));
    }

    private void files(NodeSettings node, Mappings all) {
        var from = "in chiral.data-dir";
        if (node.secretFile().isEmpty()) {
            put("chiral.identity.key-file", node.keyFile(), from);
        }
        put(
                "chiral.cache.file",
                CacheSettings.of(all.of(CacheConfig.class), node.dataDir()).file(),
                from);
        put("chiral.kad.file", KadReader.file(all.of(KadConfig.class), node.dataDir()), from);
    }

    private void relay(RelayLimits limits, String from) {
        put(RELAY + "reservations", limits.reservations(), from);
        put(RELAY + "reservation-lifetime", text(limits.reservationLifetime()), from);
        put(RELAY + "reservations-per-ip", limits.reservationsPerAddress(), from);
        put(RELAY + "circuits", limits.circuits(), from);
        put(RELAY + "circuits-per-peer", limits.circuitsPerPeer(), from);
        put(RELAY + "circuit-duration", text(limits.allowance().duration()), from);
        put(RELAY + "circuit-bytes", limits.allowance().bytesEachWay(), from);
        var admission = limits.admission();
        var caps =
                admission.perPrefix().stream()
                        .map(DerivedDefaults::text)
                        .collect(Collectors.joining(","));
        put(RELAY + "reservations-per-prefix", caps.isEmpty() ? "0" : caps, from);
        put(RELAY + "reservations-per-asn", admission.perAsn(), from);
        put(RELAY + "reservation-rate-per-peer", text(admission.reservationsPerPeer()), from);
        put(RELAY + "reservation-rate-per-ip", text(admission.reservationsPerAddress()), from);
        put(RELAY + "circuit-rate-per-peer", text(admission.circuitsPerPeer()), from);
        put(RELAY + "circuit-rate-per-ip", text(admission.circuitsPerAddress()), from);
    }

    private void connections(ConnectionSettings settings) {
        var limits = settings.limits().admission();
        var from = "of the memory";
        put(CONNECTIONS + "streams", limits.streams(), from);
        put(CONNECTIONS + "buffered-bytes", limits.bufferedBytes(), from);
        put(CONNECTIONS + "streams-per-ip", limits.shares().streamsPerIp(), from);
        put(CONNECTIONS + "buffered-bytes-per-peer", limits.shares().bufferedPerPeer(), from);
        put(CONNECTIONS + "buffered-bytes-per-ip", limits.shares().bufferedPerIp(), from);
    }

    private void put(String key, Object value, String follows) {
        values.put(key, new Usual(value.toString(), follows));
    }

    private static String text(PrefixCap cap) {
        return (cap.six() ? "ip6/" : "ip4/") + cap.length() + "=" + cap.slots();
    }

    private static String text(Rate rate) {
        return rate.isNone() ? "0" : rate.burst() + "+1/" + text(rate.every());
    }

    /// In the largest unit that needs no fraction, as somebody would write it.
    private static String text(Duration time) {
        if (time.isZero()) {
            return "0";
        }
        if (time.toMillisPart() != 0) {
            return time.toMillis() + "ms";
        }
        long seconds = time.toSeconds();
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
